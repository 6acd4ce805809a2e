package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
)

// stateFolder is where a project keeps what its workers store, unless the command line says otherwise.
const stateFolder = ".dynos/state"

// openState opens the folder of what the workers of projects store, and gives them its namespaces. Without a worker that stores anything there
// is none. close is called when the workers have ended.
func openState(dir string, projects []loadedProject, config *loader.Config) (closeState func() error, err error) {
	if !storing(projects) {
		return func() error { return nil }, nil
	}
	if dir == "" {
		dir = filepath.Join(projects[0].project.Dir, stateFolder)
	}
	state, err := standard.Open(dir)
	if errors.Is(err, standard.ErrLocked) {
		return nil, &inputError{fmt.Sprintf("dynos: %s belongs to a server that runs; stop it or choose another --state", dir)}
	}
	if err != nil {
		return nil, &inputError{"dynos: --state: " + err.Error()}
	}
	if err := addNamespaces(state, projects, config); err != nil {
		return nil, errors.Join(err, state.Close())
	}
	return state.Close, nil
}

func storing(projects []loadedProject) bool {
	for _, p := range projects {
		if len(p.project.KVNamespaces) > 0 || p.project.HasObjects() {
			return true
		}
	}
	return false
}

// addNamespaces makes services of the KV namespaces that projects bind, and gives their Durable Objects a storage.
func addNamespaces(state *standard.State, projects []loadedProject, config *loader.Config) error {
	if config.Fetchers == nil {
		config.Fetchers = map[string]bindings.Fetcher{}
	}
	objects, err := state.Objects()
	if err != nil {
		return err
	}
	config.ObjectStorage = objects
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
