package main

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/wdconfig"
)

type checkCommand struct {
	Paths []string `arg:"" name:"path" help:"Project folder, wrangler file, .js or .ts file, or workerd configuration (.capnp)."`
	Env   string   `help:"Environment: the section env.NAME of the configuration."`
	Const string   `help:"The const that is the configuration, for a workerd configuration with several." placeholder:"NAME"`
}

// Run prints each project as it would be served.
func (c *checkCommand) Run(s streams) error {
	if path, err := workerdConfigOf(c.Paths); path != "" || err != nil {
		return c.workerd(path, err, s)
	}
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
	_, err = workersOf(projects, s)
	return err
}

// workerd prints what a workerd configuration serves.
func (c *checkCommand) workerd(path string, err error, s streams) error {
	if err != nil {
		return err
	}
	plan, err := planWorkerd(path, c.Const, wdconfig.PlanOptions{}, s)
	if err != nil {
		return err
	}
	return errors.Join(plan.Describe(s.out), plan.Close())
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
