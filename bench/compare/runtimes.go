package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/bench/workloads"
)

// A runtimeUnderTest is something that serves the worker, as a command.
type runtimeUnderTest struct {
	name string
	// command serves on 127.0.0.1:port; its working folder is the caller's.
	command func(port int) (*exec.Cmd, error)
}

// The names of the runtimes, which are columns too.
const (
	nameBare      = "bare"
	nameDynos     = "dynos"
	nameReference = "reference"
)

// dynos keeps what is stored in the folder state.
func dynos(program, worker, state string) *runtimeUnderTest {
	return &runtimeUnderTest{name: nameDynos, command: func(port int) (*exec.Cmd, error) {
		return exec.Command(program, "serve", worker, "--port", fmt.Sprint(port), "--state", state), nil
	}}
}

// bareCommand as first argument makes this program the bare server.
const bareCommand = "serve-bare"

func bare(self string) *runtimeUnderTest {
	return &runtimeUnderTest{name: nameBare, command: func(port int) (*exec.Cmd, error) {
		return exec.Command(self, bareCommand, fmt.Sprintf("127.0.0.1:%d", port)), nil
	}}
}

// serveBare answers each workload's path with a body that passes its check, made ahead: no runtime behind fasthttp
// can be faster.
func serveBare(address string) error {
	answers := make(map[string][]byte)
	for _, w := range append(workloads.All, workloads.Idle(0)) {
		body := []byte(w.Answer)
		if len(body) == 0 {
			body = make([]byte, w.Length)
		}
		path, _, _ := strings.Cut(w.Target, "?")
		answers[path] = body
	}
	server := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) { ctx.Response.SetBodyRaw(answers[string(ctx.Path())]) }}
	return server.ListenAndServe(address)
}

// project is what the reference runtime needs to know of wrangler.jsonc.
type project struct {
	Main              string   `json:"main"`
	CompatibilityDate string   `json:"compatibility_date"`
	Flags             []string `json:"compatibility_flags"`
	Loaders           []struct {
		Binding string `json:"binding"`
	} `json:"worker_loaders"`
	Objects struct {
		Bindings []struct {
			Name  string `json:"name"`
			Class string `json:"class_name"`
		} `json:"bindings"`
	} `json:"durable_objects"`
}

var commentLine = regexp.MustCompile(`(?m)^\s*//.*$`)

// readProject reads the worker's wrangler.jsonc, in which a comment has its own line.
func readProject(worker string) (*project, error) {
	text, err := os.ReadFile(filepath.Join(worker, "wrangler.jsonc"))
	if err != nil {
		return nil, err
	}
	p := new(project)
	if err := json.Unmarshal(commentLine.ReplaceAll(text, nil), p); err != nil {
		return nil, fmt.Errorf("%s/wrangler.jsonc: %w", worker, err)
	}
	return p, nil
}

// reference serves the worker's modules as they are: they are plain JavaScript. Its configuration goes into the folder
// work.
func reference(command []string, worker, work string) (*runtimeUnderTest, error) {
	p, err := readProject(worker)
	if err != nil {
		return nil, err
	}
	source := filepath.Dir(filepath.Join(worker, p.Main))
	main := filepath.Base(p.Main)
	modules, err := copyModules(source, main, work)
	if err != nil {
		return nil, err
	}
	objects := filepath.Join(work, "objects")
	if err := os.MkdirAll(objects, 0o755); err != nil {
		return nil, err
	}
	return &runtimeUnderTest{name: nameReference, command: func(port int) (*exec.Cmd, error) {
		config := filepath.Join(work, "config.capnp")
		if err := os.WriteFile(config, []byte(p.capnp(modules, objects, port)), 0o644); err != nil {
			return nil, err
		}
		args := append([]string{}, command[1:]...)
		return exec.Command(command[0], append(args, "serve", "--experimental", config)...), nil
	}}, nil
}

// copyModules puts the modules beside the configuration, which can embed files of its own folder only, and returns their
// names, the main one first.
func copyModules(source, main, work string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(source, "*.js"))
	if err != nil {
		return nil, err
	}
	names := []string{main}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name := filepath.Base(file)
		if err := os.WriteFile(filepath.Join(work, name), text, 0o644); err != nil {
			return nil, err
		}
		if name != main {
			names = append(names, name)
		}
	}
	return names, nil
}

// capnp is the reference runtime's configuration of the project; every class of objects has SQLite, in the folder objects.
func (p *project) capnp(modules []string, objects string, port int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "objects", disk = (path = %s, writable = true)) ],
  sockets = [ (name = "http", address = "127.0.0.1:%d", http = (), service = "main") ],
);

const main :Workerd.Worker = (
  compatibilityDate = %s,
  compatibilityFlags = [`, quote(objects), port, quote(p.CompatibilityDate))
	for i, flag := range p.Flags {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quote(flag))
	}
	b.WriteString("],\n  modules = [\n")
	for _, name := range modules {
		fmt.Fprintf(&b, "    (name = %s, esModule = embed %s),\n", quote(name), quote(name))
	}
	b.WriteString("  ],\n  bindings = [\n")
	for _, loader := range p.Loaders {
		fmt.Fprintf(&b, "    (name = %s, workerLoader = ()),\n", quote(loader.Binding))
	}
	for _, o := range p.Objects.Bindings {
		fmt.Fprintf(&b, "    (name = %s, durableObjectNamespace = %s),\n", quote(o.Name), quote(o.Class))
	}
	b.WriteString("  ],\n  durableObjectNamespaces = [\n")
	for _, o := range p.Objects.Bindings {
		fmt.Fprintf(&b, "    (className = %s, uniqueKey = %s, enableSql = true),\n", quote(o.Class), quote(o.Class))
	}
	b.WriteString("  ],\n  durableObjectStorage = (localDisk = \"objects\"),\n);\n")
	return b.String()
}

// quote writes a Cap'n Proto text literal, whose escapes are those of JSON for what names contain.
func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

// version is what a program says about itself, in one line.
func version(program string, args ...string) string {
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		return "unknown version"
	}
	return strings.Join(strings.Fields(string(out)), " ")
}
