package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"
)

// snippetName finds the snippets in their module: each is a method whose name, quoted or not, begins a line, or is set below.
var snippetName = regexp.MustCompile(`(?m)^  (?:async )?(?:"([a-z0-9-]+)"|([a-z]+))\(\) \{$|^  snippets\["([a-z0-9-]+)"\]`)

func snippetNames(worker string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(worker, "src", "index.js"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range snippetName.FindAllSubmatch(text, -1) {
		names = append(names, string(m[1])+string(m[2])+string(m[3]))
	}
	return names, nil
}

// scripted is a runtime that is no server by itself: command runs serve.mjs.
func scripted(name string, command []string, worker string) *runtimeUnderTest {
	return &runtimeUnderTest{name: name, command: func(port int) (*exec.Cmd, error) {
		args := append([]string{}, command[1:]...)
		return exec.Command(command[0], append(args, filepath.Join(worker, "serve.mjs"), fmt.Sprint(port))...), nil
	}}
}

// compareSnippets measures pieces of the Web platform on dynos, the reference runtime, and on Node and Deno where their commands are given.
func compareSnippets(ctx context.Context, o *options) error {
	names, err := snippetNames(o.worker)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "dynos-snippets-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	list := []*runtimeUnderTest{dynos(o.dynos, o.worker, filepath.Join(work, "state"))}
	if len(o.reference) > 0 {
		r, err := reference(o.reference, o.worker, work)
		if err != nil {
			return err
		}
		list = append(list, r)
	}
	for _, name := range []string{"node", "deno"} {
		if command := strings.Fields(os.Getenv("DYNOS_" + strings.ToUpper(name))); len(command) > 0 {
			list = append(list, scripted(name, command, o.worker))
		}
	}
	columns := make([]map[string]time.Duration, len(list))
	for k, r := range list {
		if columns[k], err = measureSnippets(ctx, o, r, names); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return writeSnippets(os.Stdout, list, names, columns)
}

func measureSnippets(ctx context.Context, o *options, r *runtimeUnderTest, names []string) (map[string]time.Duration, error) {
	p, err := start(ctx, r)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	times := map[string]time.Duration{}
	for _, name := range names {
		if !o.workloads.MatchString(name) {
			continue
		}
		t, err := measureSnippet(ctx, p.address, name, time.Duration(o.seconds*float64(time.Second)))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		times[name] = t
	}
	return times, nil
}

// measureSnippet gives the time of one run: the shortest of several requests, each of which does it as often as takes a part of the time there is. Zero
// means that the runtime does not have what it takes.
func measureSnippet(ctx context.Context, address, name string, budget time.Duration) (time.Duration, error) {
	const parts = 4
	best := time.Duration(0)
	for n, rounds := 1, 0; rounds < parts; {
		took, err := runSnippet(ctx, address, name, n)
		if err != nil || took == 0 {
			return 0, err
		}
		switch part := budget / (parts + 1); {
		case took < part/2:
			n = max(n+1, min(10*n, int(float64(n)*float64(part)/float64(took))))
			continue
		case best == 0 || took/time.Duration(n) < best:
			best = took / time.Duration(n)
		}
		rounds++
	}
	return best, nil
}

func runSnippet(ctx context.Context, address, name string, n int) (time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s/%s?n=%d", address, name, n), nil)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return 0, err
	case res.StatusCode == http.StatusNotFound:
		return 0, nil
	case res.StatusCode != http.StatusOK:
		return 0, errors.New(res.Status + " " + string(body))
	}
	return time.Since(begin), nil
}

func writeSnippets(w io.Writer, list []*runtimeUnderTest, names []string, columns []map[string]time.Duration) error {
	t := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	fmt.Fprint(t, "| µs each\t|")
	for _, r := range list {
		fmt.Fprintf(t, " %s\t|", r.name)
	}
	for _, r := range list[1:] {
		fmt.Fprintf(t, " dynos to %s\t|", r.name)
	}
	fmt.Fprint(t, "\n| ---\t|"+strings.Repeat(" ---:\t|", 2*len(list)-1)+"\n")
	for _, name := range names {
		own := columns[0][name]
		if own == 0 {
			continue
		}
		fmt.Fprintf(t, "| `%s`\t|", name)
		for _, c := range columns {
			fmt.Fprintf(t, " %s\t|", micros(c[name]))
		}
		for _, c := range columns[1:] {
			if c[name] == 0 {
				fmt.Fprint(t, " -\t|")
			} else {
				fmt.Fprintf(t, " %.2f×\t|", float64(c[name])/float64(own))
			}
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

func micros(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Microsecond))
}
