// Command dynos serves Workers projects.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
)

// commands is the command line; a subcommand is a field with a Run method.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve a project, a wrangler file, a single .js or .ts file, or a workerd configuration."`
	Check   checkCommand   `cmd:"" help:"Print the resolved project and everything that is wrong with it."`
	Test    testCommand    `cmd:"" help:"Run the tests that workers export, of fixtures (.wd-test) or of projects."`
	Doctor  doctorCommand  `cmd:"" help:"Print what protects this machine from workers, and what is missing."`
	Engine  engineCommand  `cmd:"" hidden:""`
	State   stateCommand   `cmd:"" help:"List, check, compact, export or import what workers have stored."`
	Version versionCommand `cmd:"" help:"Print the versions of dynos and V8, and the newest compatibility date."`
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main with its surroundings as arguments; it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	helped := -1
	parser, err := kong.New(&commands{},
		kong.Name("dynos"), kong.Description("Workers on your own machine."), kong.UsageOnError(),
		kong.Writers(stdout, stderr), kong.Exit(func(c int) { helped = c }),
		kong.Bind(streams{stdout, stderr}, commandLine(args)))
	if err != nil {
		fmt.Fprintln(stderr, "dynos:", err)
		return exitFailure
	}
	parsed, err := parser.Parse(args)
	if helped >= 0 { // --help has printed what was asked for
		return helped
	}
	if err != nil {
		fmt.Fprintf(stderr, "dynos: %s\n", err)
		return exitUsage
	}
	err = parsed.Run()
	if err == nil {
		return exitOK
	}
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	var bad *inputError
	if errors.As(err, &bad) {
		fmt.Fprintln(stderr, bad)
		return exitUsage
	}
	if errors.Is(err, errTestsFailed) {
		fmt.Fprintln(stderr, "Tests failed!") // in the words of the reference runtime
		return exitFailure
	}
	fmt.Fprintln(stderr, "dynos:", err)
	return exitFailure
}

// commandLine is the command line without the program.
type commandLine []string

// streams are where a command prints.
type streams struct{ out, err io.Writer }
