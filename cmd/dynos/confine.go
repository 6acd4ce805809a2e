package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dynos-run/dynos/cmd/dynos/internal/sandbox"
	"github.com/dynos-run/dynos/loader"
)

// resolverFile says whom to ask for names. Whoever changes it makes a new file, which an engine that runs must not read.
const resolverFile = "/etc/resolv.conf"

// watchResolver has the engine replaced when that has happened; its successor is given the new file.
func (e *engine) watchResolver(every time.Duration, path string) {
	if !readable(path) {
		return
	}
	go func() {
		for readable(path) {
			<-time.After(every)
		}
		e.retire("it cannot read " + path + " any more")
	}()
}

// readable says whether nobody forbids reading a file; one that is not there for a moment counts.
func readable(path string) bool {
	file, err := os.Open(path)
	if err == nil {
		_ = file.Close()
	}
	return !errors.Is(err, os.ErrPermission)
}

// certificates are the places of authorities that the environment names.
func certificates() (list []string) {
	if file := os.Getenv("SSL_CERT_FILE"); file != "" {
		list = append(list, filepath.Dir(file))
	}
	return append(list, filepath.SplitList(os.Getenv("SSL_CERT_DIR"))...)
}

// confine takes from an engine what it does not need any more, now that its workers have been read and run. No request has come yet.
func (c *engineCommand) confine(app *application, s streams) error {
	options := sandbox.Options{ReadOnly: append(certificates(), app.folders...), ReadWrite: app.state}
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
