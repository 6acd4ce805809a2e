package wdconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/dynos-run/dynos/loader/internal/diagnostic"
)

// maxFileBytes bounds a file of a configuration; embedded files may be larger.
const maxFileBytes = 16 << 20

// Options are what the caller of Load decides. The zero value is good.
type Options struct {
	// Const is the name of the configuration, for files with several. Default: the only const of type Config.
	Const string
	// ReadFile reads a file that the configuration names, by its path relative to the current folder. Default: regular files of the system.
	ReadFile func(path string) ([]byte, error)
}

// Load reads the configuration in the file at path, with the files that it imports and embeds. The diagnostics are warnings.
//
// Errors: *Error, with everything that is wrong with the files, each at its place.
func Load(path string, o Options) (*Config, []Diagnostic, error) {
	if o.ReadFile == nil {
		o.ReadFile = ReadFile
	}
	c := &checker{options: o, files: map[string]*file{}, embeds: map[string]embedded{}, types: map[reflect.Type][]schemaField{}}
	main := c.read(path, func(err error) {
		var failed *fs.PathError
		if errors.As(err, &failed) {
			err = failed.Err // the place has the path
		}
		c.report.Add(Diagnostic{File: path, Message: err.Error()})
	})
	var config *Config
	if main != nil {
		c.files[filepath.Clean(path)] = main
		for _, d := range main.list {
			if d.typ == nil {
				c.define(d)
			} else {
				c.evaluate(d)
			}
		}
		config = c.choose(main)
	}
	warnings, err := c.report.Result()
	if err != nil {
		return nil, nil, err
	}
	return config, warnings, nil
}

// choose finds the const that is the configuration.
func (c *checker) choose(main *file) *Config {
	var found []*definition
	var names []string
	for _, d := range main.list {
		if d.typ == nil || d.goType != reflect.TypeFor[Config]() {
			continue
		}
		names = append(names, d.name)
		if c.options.Const == "" || c.options.Const == d.name {
			found = append(found, d)
		}
	}
	switch {
	case len(found) == 1:
		if found[0].ok {
			return found[0].into.Addr().Interface().(*Config)
		}
	case c.report.Failed(): // who knows what else is there
	case len(found) > 1:
		c.errorf(main, found[1].pos, "choose one by its name", "there are several configurations: %s", strings.Join(names, ", "))
	case len(names) == 0:
		c.errorf(main, Position{}, "write const config :Workerd.Config = ( … );", "there is no const of type Config")
	default:
		c.errorf(main, Position{}, diagnostic.HintNearest(c.options.Const, names), "there is no configuration %q, only %s", c.options.Const, strings.Join(names, ", "))
	}
	return nil
}

// read parses a file; nil if it cannot be read, which fail reports.
func (c *checker) read(path string, fail func(error)) *file {
	text, err := c.options.ReadFile(path)
	if err == nil && len(text) > maxFileBytes {
		err = fmt.Errorf("is larger than %d MiB", maxFileBytes>>20)
	}
	if err != nil {
		fail(err)
		return nil
	}
	f := &file{path: path, byName: map[string]*definition{}}
	list, err := parseFile(text)
	for _, one := range list {
		d := &definition{declaration: one, file: f}
		if first := f.byName[one.name]; first != nil {
			c.errorf(f, one.pos, "", "%q has been defined at line %d already", one.name, first.pos.Line)
			continue
		}
		f.byName[one.name] = d
		f.list = append(f.list, d)
	}
	var syntax *syntaxError
	if errors.As(err, &syntax) {
		f.broken = true
		c.errorf(f, syntax.pos, syntax.hint, "%s", syntax.message)
	}
	return f
}

// An embedded is the content of an embedded file, or why there is none.
type embedded struct {
	data []byte
	text string
	err  error
}

// assignEmbed puts the content of a file into a text or bytes.
func (c *checker) assignEmbed(f *file, e *expr, v reflect.Value) bool {
	if strings.HasPrefix(e.text, "/") {
		c.errorf(f, e.pos, "write the path relative to this file", "%q is an absolute path", e.text)
		return false
	}
	path := relative(f, e.text)
	content, known := c.embeds[path]
	if !known {
		content.data, content.err = c.options.ReadFile(path)
		content.text = string(content.data)
		c.embeds[path] = content
	}
	switch {
	case content.err != nil:
		c.errorf(f, e.pos, hintFile(path, content.err), "%s", fileError(e.text, content.err))
		return false
	case v.Type() == bytesType:
		v.SetBytes(content.data)
	case !utf8.ValidString(content.text):
		c.errorf(f, e.pos, "", "%s must be text, and the file %q is not UTF-8", c.where(), e.text)
		return false
	default:
		v.SetString(content.text)
	}
	return true
}

// fileError says why a file could not be read, without what the place says already.
func fileError(name string, err error) string {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("there is no file %q", name)
	case errors.As(err, &path):
		return fmt.Sprintf("the file %q cannot be read: %s", name, path.Err)
	}
	return fmt.Sprintf("the file %q %s", name, err)
}

// hintFile guesses which file was meant, among those of the same folder.
func hintFile(path string, err error) string {
	if !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ""
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return diagnostic.HintNearest(filepath.Base(path), names)
}

// ReadFile is the default of Options.ReadFile. It reads regular files alone: a device or a pipe could have no end.
func ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is not a regular file")
	}
	return os.ReadFile(path)
}
