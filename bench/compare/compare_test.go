package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/dynos-run/dynos/bench/workloads"
)

func TestReferenceGetsTheWholeProject(t *testing.T) {
	work := t.TempDir()
	runtime, err := reference([]string{"workerd", "--verbose"}, "../workloads", work)
	if err != nil {
		t.Fatal(err)
	}
	cmd, err := runtime.command(1234)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(cmd.Args, " "), "workerd --verbose serve --experimental "+work+"/config.capnp"; got != want {
		t.Errorf("command %q, not %q", got, want)
	}
	config, err := os.ReadFile(work + "/config.capnp")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`address = "127.0.0.1:1234"`,
		`compatibilityDate = "2026-01-01"`,
		"modules = [\n    (name = \"index.js\", esModule = embed \"index.js\"),\n",
		`(name = "dynamic.js", esModule = embed "dynamic.js")`,
		`(name = "LOADER", workerLoader = ())`,
		`(className = "Keeper", uniqueKey = "Keeper", enableSql = true)`,
	} {
		if !strings.Contains(string(config), want) {
			t.Errorf("no %q in\n%s", want, config)
		}
	}
	for _, name := range []string{"index.js", "dynamic.js", "plain.js"} {
		if _, err := os.Stat(work + "/" + name); err != nil {
			t.Error(err)
		}
	}
}

func TestEveryWorkloadIsExplained(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, w := range workloads.All {
		if seen[w.Name] {
			t.Errorf("two workloads are called %s", w.Name)
		}
		seen[w.Name] = true
		if !strings.Contains(string(readme), "| `"+w.Name+"` |") {
			t.Errorf("bench/README.md does not say what %s is", w.Name)
		}
	}
}

func TestMemoryCountsDescendants(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc")
	}
	parents := map[int]int{1: 0, 10: 1, 11: 10, 12: 11, 20: 1}
	for pid, want := range map[int]bool{10: true, 11: true, 12: true, 20: false, 1: false} {
		if descends(parents, pid, 10) != want {
			t.Errorf("descends(%d) is not %v", pid, want)
		}
	}
	self := &process{cmd: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}}
	if m := self.memory(); m < 1<<20 {
		t.Errorf("this test uses %d bytes", m)
	}
}

func TestTableSaysWhatIsAbsent(t *testing.T) {
	var b strings.Builder
	r := row{Workload: "hello", Dynos: &measurement{PerSecond: 600, P50: 1500, P99: 2500, Memory: 50e6}, Reference: &measurement{PerSecond: 100}}
	r.write(&b)
	if got, want := strings.Join(strings.Fields(b.String()), " "), "| hello | - | 600 | 100 | 6.00 | - | 1.50 / 2.50 | 0.00 / 0.00 | 50 | - |"; got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}
