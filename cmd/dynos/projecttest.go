package main

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dynos-run/dynos/bindings/cache"
	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/loadertest"
	"github.com/dynos-run/dynos/loader/wrangler"
)

// projectTests is what runs the tests of projects: their workers, and beside each one for every file of tests in its folder, with the same
// bindings, compatibility date and flags. Services that refer to the project itself mean its worker. Each configuration that it makes has
// storage and a cache of its own, which are empty.
func (c *testCommand) projectTests(paths []string, s streams) (loadertest.Source, error) {
	outbound, err := newOutbound(c.AllowNet, nil, s)
	if err != nil {
		return nil, err
	}
	projects, err := loadProjects(paths, c.Env, nil, s)
	if err != nil {
		return nil, err
	}
	workers, err := workersOf(projects, s)
	if err != nil {
		return nil, err
	}
	for _, p := range projects {
		files, err := testFiles(p.project.Dir)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			w, err := workerOfTests(p.project, file, s)
			if err != nil {
				return nil, err
			}
			workers = append(workers, w)
		}
	}
	return func() (loader.Config, func(), error) {
		state := standard.InMemory()
		config := loader.Config{Outbound: outbound, Cache: cache.New(cache.Options{}).For, Workers: workers}
		objects, err := state.Objects()
		if err == nil {
			config.ObjectStorage = objects
			err = addNamespaces(state, projects, &config)
		}
		if err != nil {
			return config, nil, errors.Join(err, state.Close())
		}
		return config, func() { _ = state.Close() }, nil
	}, nil
}

// testFiles finds *.test.ts and *.test.js below a folder, but for packages and hidden folders.
func testFiles(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if path != dir && (name == "node_modules" || strings.HasPrefix(name, ".")) {
				return filepath.SkipDir
			}
		case strings.HasSuffix(name, ".test.ts"), strings.HasSuffix(name, ".test.js"):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// workerOfTests makes a worker of a file of tests. Its name is "project/path".
func workerOfTests(p *wrangler.Project, file string, s streams) (loader.Worker, error) {
	of := *p
	relative, err := filepath.Rel(p.Dir, file)
	if err != nil {
		return loader.Worker{}, err
	}
	of.Name, of.Main, of.NoBundle = p.Name+"/"+filepath.ToSlash(relative), file, false
	of.Migrations, of.Exports = nil, nil // the project's worker has the classes
	of.DurableObjects.Bindings = slices.Clone(p.DurableObjects.Bindings)
	for k := range of.DurableObjects.Bindings {
		class := &of.DurableObjects.Bindings[k]
		class.ScriptName = cmp.Or(class.ScriptName, p.Name)
	}
	bundle, err := of.Bundle()
	if err != nil {
		return loader.Worker{}, inputFault(err)
	}
	warn(s, bundle.Warnings)
	return wrangler.WorkerOf(&of, bundle), nil
}
