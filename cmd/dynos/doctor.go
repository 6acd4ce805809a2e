package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"text/tabwriter"

	"golang.org/x/sys/unix"

	"github.com/dynos-run/dynos/cmd/dynos/internal/sandbox"
	"github.com/dynos-run/dynos/isolate"
)

type doctorCommand struct {
	RequireSandbox bool `help:"Fail if the kernel lacks a layer of the sandbox."`
}

// Run puts this process into the sandbox of an engine, tries to get out of it, and prints what it found.
func (c *doctorCommand) Run(s streams) error {
	var kernel unix.Utsname
	if err := unix.Uname(&kernel); err != nil {
		return err
	}
	layers := sandbox.Enter(sandbox.Options{})
	layers = append(layers, attempts()...)
	out := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "V8\t%s\n", isolate.V8Version())
	fmt.Fprintf(out, "kernel\t%s, %s\n", unix.ByteSliceToString(kernel.Release[:]), runtime.GOARCH)
	for _, l := range layers {
		if l.Err != nil {
			fmt.Fprintf(out, "%s\tMISSING: %s\n", l.Name, l.Err)
		} else {
			fmt.Fprintf(out, "%s\t%s\n", l.Name, l.Is)
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if n := len(sandbox.Missing(layers)); n > 0 && c.RequireSandbox {
		return fmt.Errorf("%d layers of the sandbox are missing", n)
	}
	return nil
}

// attempts are what must fail now.
func attempts() []sandbox.Layer {
	file, err := os.Open("/etc/passwd")
	if err == nil {
		_ = file.Close()
	}
	return []sandbox.Layer{
		{Name: "reading /etc/passwd", Is: "refused", Err: unlessRefused(err)},
		{Name: "running a program", Is: "refused", Err: unlessRefused(execute())},
	}
}

// execute makes the call with a program that there cannot be, so that it never succeeds; the sandbox answers first.
func execute() error {
	if _, _, errno := unix.RawSyscall(unix.SYS_EXECVE, 0, 0, 0); errno != unix.EFAULT {
		return errno
	}
	return nil
}

func unlessRefused(err error) error {
	switch {
	case err == nil:
		return errors.New("possible")
	case errors.Is(err, os.ErrPermission):
		return nil
	}
	return err
}
