package main

import "fmt"

// Exit codes.
const (
	exitOK = 0
	// exitFailure: something outside the user's files went wrong while running.
	exitFailure = 1
	// exitUsage: the command line, a configuration, a source file or the port is to be mended.
	exitUsage = 2
)

// An inputError is a fault of what the user gave; its text is printed as it is: places, one line each.
type inputError struct{ text string }

// An exitCode is the end of the command with nothing more to say.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func (e *inputError) Error() string { return e.text }
