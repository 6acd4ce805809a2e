package main

import (
	"fmt"
	"runtime/debug"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/loader"
)

type checkCommand struct {
	Paths []string `arg:"" name:"path" help:"Project folder, wrangler file, or .js or .ts file."`
	Env   string   `help:"Environment: the section env.NAME of the configuration."`
}

// Run prints each project as it would be served.
func (c *checkCommand) Run(s streams) error {
	projects, err := loadProjects(c.Paths, c.Env, nil, s)
	if err != nil {
		return err
	}
	for k, p := range projects {
		if k > 0 {
			fmt.Fprintln(s.out)
		}
		if err := p.project.Describe(s.out); err != nil {
			return err
		}
	}
	_, err = workersOf(projects)
	return err
}

type versionCommand struct{}

// Run prints the versions.
func (versionCommand) Run(s streams) error {
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	_, err := fmt.Fprintf(s.out, "dynos %s, V8 %s, compatibility dates to %s\n", version, isolate.V8Version(), loader.NewestCompatibilityDate)
	return err
}
