package loader

import (
	"cmp"
	"fmt"

	"github.com/dynos-run/dynos/isolate/ops"
)

// noteExports keeps the names of a configured worker's exports; the arguments are op_loaded's.
func (w *worker) noteExports(a *ops.Reader) {
	if w.dynamic {
		return
	}
	exports := map[string]bool{}
	var tests, classTests []string
	for n := a.Array() / 3; n > 0 && a.Err == nil; n-- {
		name := a.String()
		exports[name] = true
		class := a.Int() != 0 // what is no entrypoint at all fails when it is called
		switch isTest := a.Bool(); {
		case isTest && class:
			classTests = append(classTests, name)
		case isTest:
			tests = append(tests, name)
		}
	}
	w.mu.Lock()
	w.exports, w.tests = exports, append(tests, classTests...)
	w.mu.Unlock()
}

func (w *worker) hasExport(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.exports[name]
}

// checkServices checks that the exports exist that service bindings name. Preconditions: every worker runs. A missing default
// export is no fault: requests to it go to the worker's outbound.
func (rt *Runtime) checkServices(workers map[string]*worker) error {
	for k := range rt.config.Workers {
		w := &rt.config.Workers[k]
		for _, b := range w.Bindings {
			s := cmp.Or(b.Service, b.KV)
			if s == nil || s.Entrypoint == "" || s.Entrypoint == "default" {
				continue
			}
			if to := workers[s.Worker]; to == nil || to.hasExport(s.Entrypoint) { // one that is no worker is a Fetcher
				continue
			}
			return &StartError{Worker: w.Name, Text: fmt.Sprintf("binding %q refers to service %q with a named entrypoint %q, but %q has no such named entrypoint.",
				b.Name, s.Worker, s.Entrypoint, s.Worker)}
		}
	}
	return nil
}
