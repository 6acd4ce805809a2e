package main

import (
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/dynos-run/dynos/bindings/cache"
	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/wrangler"
)

// projectTests is what runs the tests of projects: their workers, and beside each one for every file of tests in its folder, with the same
// bindings, compatibility date and flags. Services that refer to the project itself mean its worker.
func (c *testCommand) projectTests(paths []string, s streams) (loader.Config, error) {
	outbound, err := newOutbound(c.AllowNet, nil, s)
	if err != nil {
		return loader.Config{}, err
	}
	projects, err := loadProjects(paths, c.Env, nil, s)
	if err != nil {
		return loader.Config{}, err
	}
	config := loader.Config{Outbound: outbound, Cache: cache.New(cache.Options{}).For}
	if config.Workers, err = workersOf(projects, s); err != nil {
		return config, err
	}
	state := standard.InMemory()
	if config.ObjectStorage, err = state.Objects(); err != nil {
		return config, err
	}
	if err := addNamespaces(state, projects, &config); err != nil {
		return config, err
	}
	for _, p := range projects {
		files, err := testFiles(p.project.Dir)
		if err != nil {
			return config, err
		}
		for _, file := range files {
			w, err := workerOfTests(p.project, file, s)
			if err != nil {
				return config, err
			}
			config.Workers = append(config.Workers, w)
		}
	}
	return config, nil
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
	of.Main, of.NoBundle = file, false
	bundle, err := of.Bundle()
	if err != nil {
		return loader.Worker{}, inputFault(err)
	}
	warn(s, bundle.Warnings)
	w := wrangler.WorkerOf(&of, bundle)
	relative, err := filepath.Rel(p.Dir, file)
	if err != nil {
		return w, err
	}
	w.Name = p.Name + "/" + filepath.ToSlash(relative)
	return w, nil
}
