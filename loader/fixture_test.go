package loader_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
	"golang.org/x/tools/txtar"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/cache"
	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/wrangler"
)

// A fixture is a project and a talk with it, as a txtar archive in testdata: the project's files, then sections in order:
//
//	-- request: GET /path --      header lines, an empty line and a body, all optional
//	-- response: 200 --           the whole body; header lines first if the first line says "header:"
//	-- log: error --              a text that a record of this level has by now contained
//	-- start: --                  instead of all others: the text with which the project does not start
//
// Several workers are several folders with a wrangler file each; the first in the archive gets the requests, services name the others.
// A last line break of a body does not count.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("../testdata/*/*.txtar")
	require.NoError(t, err)
	ran := 0
	for _, file := range files {
		area := filepath.Base(filepath.Dir(file))
		if area == "config" || area == "wdconfig" || area == "cli" {
			continue
		}
		ran++
		t.Run(area+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runFixture(t, file) })
	}
	require.Positive(t, ran)
}

func runFixture(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	require.NoError(t, err)
	dir := t.TempDir()
	var projects []string
	var talk []txtar.File
	for _, f := range archive.Files {
		if strings.Contains(f.Name, ": ") || strings.HasSuffix(f.Name, ":") {
			talk = append(talk, f)
			continue
		}
		path := filepath.Join(dir, f.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, f.Data, 0o644))
		if slices.Contains(wrangler.ConfigNames, filepath.Base(f.Name)) {
			projects = append(projects, filepath.Dir(path))
		}
	}
	require.NotEmpty(t, talk, "the fixture asks nothing")
	if talk[0].Name == "start:" {
		_, err := startProjects(t, projects, nil)
		require.Error(t, err)
		require.Contains(t, err.Error(), body(talk[0].Data))
		return
	}
	p, err := startProjects(t, projects, nil)
	require.NoError(t, err)
	var last *http.Response
	for _, f := range talk {
		verb, rest, _ := strings.Cut(f.Name, ": ")
		switch verb {
		case "request":
			last = p.send(t, rest, f.Data)
		case "response":
			p.checkResponse(t, last, rest, f.Data)
		case "log":
			require.Contains(t, p.logged(loader.Level(rest)), body(f.Data))
		default:
			t.Fatalf("no such section: %q", f.Name)
		}
	}
}

func body(data []byte) string { return strings.TrimSuffix(string(data), "\n") }

func (p *running) checkResponse(t *testing.T, got *http.Response, status string, want []byte) {
	t.Helper()
	data, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	require.Equal(t, status, fmt.Sprint(got.StatusCode), "body: %s\nlog: %s", data, p.logged(loader.LevelError))
	for {
		line, rest, ok := bytes.Cut(want, []byte("\n"))
		header, is := bytes.CutPrefix(line, []byte("header: "))
		if !ok || !is {
			break
		}
		name, value, _ := strings.Cut(string(header), ": ")
		require.Equal(t, value, strings.Join(got.Header.Values(name), " | "), name)
		want = rest
	}
	require.Equal(t, body(want), body(data))
}

// A running project is served over connections in memory.
type running struct {
	*loader.Runtime
	client *http.Client
	mu     sync.Mutex
	log    []loader.Record
}

// startProject runs the project in a folder; the test ends it.
func startProject(t testing.TB, dir string, outbound bindings.Fetcher) (*running, error) {
	return startProjects(t, []string{dir}, outbound)
}

// startProjects runs several projects, of which the first gets the requests.
func startProjects(t testing.TB, dirs []string, outbound bindings.Fetcher) (*running, error) {
	config := loader.Config{Outbound: outbound, Fetchers: map[string]bindings.Fetcher{}, Cache: cache.New(cache.Options{}).For}
	state := standard.InMemory()
	t.Cleanup(func() { require.NoError(t, state.Close()) })
	objects, err := state.Objects()
	if err != nil {
		return nil, err
	}
	config.ObjectStorage = objects
	for _, dir := range dirs {
		project, err := wrangler.Load(dir, wrangler.Options{NewestDate: loader.NewestCompatibilityDate})
		if err != nil {
			return nil, err
		}
		bundle, err := project.Bundle()
		if err != nil {
			return nil, err
		}
		config.Workers = append(config.Workers, wrangler.WorkerOf(project, bundle))
		for _, kv := range project.KVNamespaces {
			if config.Fetchers[kv.Service()], err = state.KV(kv.Namespace()); err != nil {
				return nil, err
			}
		}
	}
	return start(t, config)
}

// start runs a configuration; the test ends it.
func start(t testing.TB, config loader.Config) (*running, error) {
	p := &running{}
	config.Log = func(r loader.Record) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.log = append(p.log, r)
	}
	config.MaxMemoryBytes = 1 << 40 // of the process, in which many tests run
	rt, err := loader.New(config)
	if err != nil {
		return nil, err
	}
	p.Runtime = rt
	listener := fasthttputil.NewInmemoryListener()
	server := &fasthttp.Server{
		Handler: rt.Handler(), StreamRequestBody: true, DisableHeaderNamesNormalizing: true, NoDefaultContentType: true, DisablePreParseMultipartForm: true,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	p.client = &http.Client{
		Transport:     &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return listener.Dial() }},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(func() {
		p.client.CloseIdleConnections()
		require.NoError(t, listener.Close())
		require.NoError(t, <-served)
		require.NoError(t, rt.Close())
	})
	return p, nil
}

// send makes a request from "METHOD /path" and the lines of a section.
func (p *running) send(t testing.TB, line string, data []byte) *http.Response {
	t.Helper()
	method, path, _ := strings.Cut(line, " ")
	head, payload, hasBody := bytes.Cut(append([]byte("\n"), data...), []byte("\n\n"))
	var in io.Reader
	if hasBody {
		in = strings.NewReader(body(payload))
	}
	req, err := http.NewRequest(method, "http://localhost"+path, in)
	require.NoError(t, err)
	lines := bufio.NewScanner(bytes.NewReader(head))
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), ": "); ok {
			req.Header.Add(name, value)
		}
	}
	res, err := p.client.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// logged is all text of a level so far.
func (p *running) logged(level loader.Level) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, r := range p.log {
		if r.Level == level {
			b.WriteString(r.Text + "\n")
		}
	}
	return b.String()
}
