package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/durable"
	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
)

// stateFolder is where a project keeps what its workers store, unless the command line says otherwise.
const stateFolder = ".dynos/state"

// statePatience is how long a folder may stay locked by engines whose supervisor was killed.
const statePatience = 3 * time.Second

// stateOf is the folder of what the workers of projects store; none without one that stores anything, unless the command line names a folder.
func stateOf(dir string, projects []loadedProject) []string {
	switch {
	case dir != "":
		return []string{dir}
	case storing(projects):
		return []string{filepath.Join(projects[0].project.Dir, stateFolder)}
	}
	return nil
}

// lockState takes a folder of state for this server. The lock is one open file of the supervisor and its engines: it ends with the last of
// them, however they end.
func lockState(dir string) (lock *os.File, err error) {
	for end := time.Now().Add(statePatience); ; time.Sleep(10 * time.Millisecond) {
		lock, err = standard.Lock(dir)
		if !errors.Is(err, standard.ErrLocked) || time.Now().After(end) {
			break
		}
	}
	if err != nil {
		return nil, stateFault(dir, err)
	}
	return lock, nil
}

// openState opens the folder of state of projects, which this engine may share with others, and gives the workers its namespaces. No file of an
// object is open before a worker wants something of it. The first engine of a server has the folder to itself, and applies migrations.
func (a *application) openState(shared, first bool) error {
	if len(a.state) == 0 {
		return nil
	}
	temporary := filepath.Join(a.state[0], "tmp") // SQLite's, which finds no other folder in the sandbox
	if err := os.MkdirAll(temporary, 0o700); err != nil {
		return err
	}
	if err := os.Setenv("SQLITE_TMPDIR", temporary); err != nil {
		return err
	}
	if len(a.projects) == 0 { // the configuration's services have opened theirs
		return nil
	}
	if !shared {
		if err := a.placeObjects(first); err != nil {
			return err
		}
	}
	state, err := standard.OpenLocked(a.state[0], shared)
	if err != nil {
		return err
	}
	rest := a.close
	a.close = func() error { return errors.Join(rest(), state.Close()) }
	objects := state.ObjectsLater()
	a.begin, a.config.ObjectStorage = objects.Begin, objects
	return addNamespaces(state, a.projects, &a.config)
}

// placeObjects tells the workers where their objects are, as migrations have it: those of the configuration, which are applied now, or
// else those that were applied when the server began.
func (a *application) placeObjects(migrate bool) (err error) {
	state, err := standard.OpenLocked(a.state[0], false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, state.Close()) }()
	if migrate {
		objects, err := state.Objects()
		if err != nil {
			return err
		}
		if err := migrateObjects(objects, a.projects); err != nil {
			return err
		}
	}
	places := make([]map[string]durable.Class, len(a.projects))
	for k, p := range a.projects {
		if places[k], err = state.ObjectClasses(p.project.Name); err != nil {
			return err
		}
	}
	return placeObjects(a.projects, places, &a.config)
}

// hasObjects says whether a worker has Durable Objects.
func hasObjects(config *loader.Config) bool {
	return slices.ContainsFunc(config.Workers, func(w loader.Worker) bool { return len(w.Objects) > 0 })
}

func storing(projects []loadedProject) bool {
	for _, p := range projects {
		if len(p.project.KVNamespaces) > 0 || p.project.HasObjects() {
			return true
		}
	}
	return false
}

// addNamespaces makes services of the KV namespaces that projects bind.
func addNamespaces(state *standard.State, projects []loadedProject, config *loader.Config) error {
	if config.Fetchers == nil {
		config.Fetchers = map[string]bindings.Fetcher{}
	}
	for _, p := range projects {
		for _, kv := range p.project.KVNamespaces {
			namespace, err := state.KV(kv.Namespace())
			if err != nil {
				return err
			}
			config.Fetchers[kv.Service()] = namespace
		}
	}
	return nil
}
