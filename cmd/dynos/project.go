package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/wrangler"
)

// A loadedProject is a project with its code.
type loadedProject struct {
	project *wrangler.Project
	bundle  *wrangler.Bundle
}

// servedKeys are the configuration keys of bindings that workers get; the others are announced as not served.
var servedKeys = map[string]bool{"vars": true, "services": true, "tail_consumers": true, "worker_loaders": true, "kv_namespaces": true, "durable_objects": true, "migrations": true}

// loadProjects reads and bundles projects; warnings go to the error stream.
func loadProjects(paths []string, env string, vars map[string]string, s streams) ([]loadedProject, error) {
	var list []loadedProject
	for _, path := range paths {
		project, err := wrangler.Load(path, wrangler.Options{
			Env: env, Vars: vars, NewestDate: loader.NewestCompatibilityDate, Serves: func(key string) bool { return servedKeys[key] },
		})
		if err != nil {
			return nil, inputFault(err)
		}
		warn(s, project.Warnings)
		bundle, err := project.Bundle()
		if err != nil {
			return nil, inputFault(err)
		}
		warn(s, bundle.Warnings)
		list = append(list, loadedProject{project, bundle})
	}
	return list, nil
}

func inputFault(err error) error {
	var diagnostics *wrangler.Error
	if errors.As(err, &diagnostics) {
		return &inputError{diagnostics.Error()}
	}
	return &inputError{err.Error()}
}

func warn(s streams, list []wrangler.Diagnostic) {
	for _, d := range list {
		fmt.Fprintln(s.err, d)
	}
}

// workersOf turns projects into workers; services may refer to any of them.
func workersOf(projects []loadedProject, s streams) ([]loader.Worker, error) {
	names := make(map[string]bool, len(projects))
	var faults []string
	for _, p := range projects {
		if names[p.project.Name] {
			faults = append(faults, p.project.At("name", wrangler.SeverityError, "services are found by name", "another project is named %q too", p.project.Name).String())
		}
		names[p.project.Name] = true
	}
	workers := make([]loader.Worker, len(projects))
	for k, p := range projects {
		w := wrangler.WorkerOf(p.project, p.bundle)
		w.Tails = knownTails(p.project, w.Tails, names, s)
		for n, service := range p.project.Services {
			if !names[service.Service] {
				faults = append(faults, p.project.At(fmt.Sprintf("services[%d].service", n), wrangler.SeverityError, "give its project to dynos as well",
					"there is no worker %q", service.Service).String())
			}
		}
		if err := (&loader.Config{Workers: []loader.Worker{{
			Name: w.Name, CompatibilityDate: w.CompatibilityDate, CompatibilityFlags: w.CompatibilityFlags, Modules: w.Modules,
		}}}).Validate(); err != nil {
			faults = append(faults, p.project.At("compatibility_flags", wrangler.SeverityError, "", "%s", err).String())
		}
		workers[k] = w
	}
	if len(faults) > 0 {
		return nil, &inputError{strings.Join(faults, "\n")}
	}
	return workers, nil
}

// knownTails are the tail consumers that are here. Elsewhere they are workers of an account, which a project works without.
func knownTails(p *wrangler.Project, tails []loader.Service, names map[string]bool, s streams) []loader.Service {
	var known []loader.Service
	for n, t := range tails {
		if names[t.Worker] {
			known = append(known, t)
			continue
		}
		warn(s, []wrangler.Diagnostic{p.At(fmt.Sprintf("tail_consumers[%d].service", n), wrangler.SeverityWarning, "give its project to dynos as well",
			"there is no worker %q, so that it gets no events", t.Worker)})
	}
	return known
}
