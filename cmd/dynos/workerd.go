package main

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/wdconfig"
)

// isWorkerdConfig says whether a path names a configuration of the open reference runtime.
func isWorkerdConfig(path string) bool {
	extension := filepath.Ext(path)
	return extension == ".capnp" || extension == ".wd-test"
}

// workerdConfigOf gives the path of such a configuration if one is among the paths, where it must be the only one.
func workerdConfigOf(paths []string) (string, error) {
	for _, path := range paths {
		switch {
		case !isWorkerdConfig(path):
		case len(paths) > 1:
			return "", &inputError{fmt.Sprintf("%s: a workerd configuration is served alone; what else it needs can be a service in it", path)}
		default:
			return path, nil
		}
	}
	return "", nil
}

// planWorkerd reads a configuration and plans what the loader runs; warnings go to the error stream. The plan must be closed.
func planWorkerd(path, name string, o wdconfig.PlanOptions, s streams) (*wdconfig.Plan, error) {
	config, warnings, err := wdconfig.Load(path, wdconfig.Options{Const: name})
	if err != nil {
		return nil, inputFault(err)
	}
	warn(s, warnings)
	o.Log = slog.New(slog.NewTextHandler(s.err, nil))
	plan, err := config.Plan(o)
	if err != nil {
		return nil, inputFault(err)
	}
	return plan, nil
}

// prepareWorkerd makes ready what a configuration describes.
func (c *serveCommand) prepareWorkerd(path string, s streams) (*application, error) {
	if c.Env != "" || len(c.Var) > 0 {
		return nil, &inputError{"dynos: --env and --var are for projects; a workerd configuration says all by itself"}
	}
	options := wdconfig.PlanOptions{AllowNet: c.AllowNet, Locked: true}
	if c.Port != nil || c.Host != "" {
		address, err := c.address()
		if err != nil {
			return nil, err
		}
		options.Listen = address
	}
	plan, err := planWorkerd(path, c.Const, options, s)
	if err != nil {
		return nil, err
	}
	if len(plan.Sockets) == 0 {
		hint := "add sockets to it, or give --port to serve its first worker"
		return nil, errors.Join(&inputError{fmt.Sprintf("%s: the configuration has no sockets, so that nothing could reach it; %s", path, hint)}, plan.Close())
	}
	app := &application{config: plan.Loader, jsonLog: plan.StructuredLogging, folders: plan.Folders, close: plan.Close, state: plan.State, begin: plan.Begin}
	for _, socket := range plan.Sockets {
		d := door{Door: control.Door{Network: socket.Network, Address: socket.Address, Name: socket.Service.Worker, TCP: socket.TCP}}
		if options.Listen == "" || len(app.doors) > 0 {
			d.Place = fmt.Sprintf("%s:%d:%d", socket.At.File, socket.At.Line, socket.At.Column)
		}
		d.server = func(rt *loader.Runtime, limits *serverLimits) (ingress, error) { return ingressOf(rt, &socket, limits) }
		app.doors = append(app.doors, d)
	}
	return app, nil
}

// ingressOf makes what serves a socket of the configuration.
func ingressOf(rt *loader.Runtime, socket *wdconfig.PlannedSocket, limits *serverLimits) (ingress, error) {
	if socket.TCP {
		return rt.ConnServerFor(socket.Service, limits.MaxConnections)
	}
	h, err := rt.HandlerFor(socket.Service, socket.Options)
	if err != nil {
		return nil, err
	}
	return newServer(h, limits), nil
}
