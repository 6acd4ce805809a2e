// Package polyfills holds every line of JavaScript that dynos brings: the Web APIs, the node modules, the JavaScript
// half of each binding. It only embeds it; README.md beside it says how a file is written, manifest.go what exists.
package polyfills

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sort"
	"strings"
	"unicode"
)

//go:embed core/*.js web/*.js node/*.js cloudflare/*.js
var files embed.FS

// A Source is one file: its path without ".js", and its text.
type Source struct {
	// ID is what require takes, for example "web/headers".
	ID string
	// Text is the body of the function that the engine compiles.
	Text string
}

// Sources returns every polyfill, sorted by id, tests left out, with the two tables that are made from the manifest:
// core/globals and core/module_table.
func Sources() ([]Source, error) {
	list := []Source{
		{ID: "core/globals", Text: globalsTable()},
		{ID: "core/module_table", Text: moduleTable()},
	}
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.js") {
			return err
		}
		text, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		for i, c := range text {
			if c >= 0x80 {
				return fmt.Errorf("%s: byte %d is not ASCII", path, i)
			}
		}
		list = append(list, Source{ID: strings.TrimSuffix(path, ".js"), Text: string(text)})
		return nil
	})
	sort.Slice(list, func(i, j int) bool { return list[i].ID < list[j].ID })
	return list, err
}

// globalsTable is the rows [name, file, lazy, own, flag or ""] for core/bootstrap.
func globalsTable() string {
	rows := make([][5]any, 0, len(Globals))
	for _, g := range Globals {
		rows = append(rows, [5]any{g.Name, g.File, g.Lazy, g.Own, g.Flag})
	}
	text, _ := json.Marshal(rows)
	return "\"use strict\";\nmodule.exports = " + string(text) + ";\n"
}

// moduleTable maps specifiers to [file, needs nodejs_compat, flag that it needs besides or ""] for core/modules.
func moduleTable() string {
	rows := make(map[string][3]any, len(Modules))
	for _, m := range Modules {
		rows[m.Specifier] = [3]any{m.File, m.NodeCompat, m.Flag}
	}
	text, _ := json.Marshal(rows)
	return "\"use strict\";\nmodule.exports = { __proto__: null, ..." + string(text) + " };\n"
}

// FlagsRead returns the words that polyfills write after "flags." and the flags of modules and globals, sorted: the compatibility flags that a
// realm must be told of are among them.
func FlagsRead() ([]string, error) {
	sources, err := Sources()
	if err != nil {
		return nil, err
	}
	found := make(map[string]bool)
	for _, s := range sources {
		for text := s.Text; ; {
			_, after, ok := strings.Cut(text, "flags.")
			if !ok {
				break
			}
			end := strings.IndexFunc(after, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
			found[after[:max(end, 0)]] = true
			text = after
		}
	}
	for _, m := range Modules {
		found[m.Flag] = true
	}
	for _, g := range Globals {
		found[g.Flag] = true
	}
	delete(found, "")
	return slices.Sorted(maps.Keys(found)), nil
}
