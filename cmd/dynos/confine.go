package main

import (
	"fmt"
	"strings"

	"github.com/dynos-run/dynos/cmd/dynos/internal/sandbox"
	"github.com/dynos-run/dynos/loader"
)

// confine takes from an engine what it does not need any more, now that its workers have been read and run. No request has come yet.
func (c *engineCommand) confine(app *application, s streams) error {
	options := sandbox.Options{ReadOnly: app.folders}
	if c.State != "" {
		options.ReadWrite = []string{c.State}
	}
	missing := sandbox.Missing(sandbox.Enter(options))
	if len(missing) == 0 {
		return nil
	}
	words := make([]string, len(missing))
	for k, l := range missing {
		words[k] = fmt.Sprintf("%s (%s)", l.Name, l.Err)
	}
	text := "dynos: the sandbox lacks layers: " + strings.Join(words, ", ")
	if c.RequireSandbox {
		return &inputError{text}
	}
	newLog(s, c.LogFormat)(loader.Record{Level: loader.LevelWarn, Text: text})
	return nil
}
