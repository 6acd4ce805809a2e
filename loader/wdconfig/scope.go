package wdconfig

import (
	"path/filepath"
	"reflect"
	"strings"

	"github.com/dynos-run/dynos/loader/internal/diagnostic"
)

// A file is one parsed file of a configuration.
type file struct {
	path   string // as it follows from the argument of Load
	broken bool   // it has a syntax error, so names may be missing
	list   []*definition
	byName map[string]*definition
}

// A definition is a declaration of a file with what has been found out about it.
type definition struct {
	*declaration
	file *file
	// visiting is set while the value is found out: to come here again is a cycle.
	visiting, done bool
	// what is what a using stands for.
	what entity
	// ok says that this is known, or the value of a const: into, of the type goType, which consists of size values.
	ok     bool
	goType reflect.Type
	into   reflect.Value
	size   int
}

// An entity is what a name can stand for: one of the fields is set.
type entity struct {
	file     *file
	schema   bool // the built-in schema itself
	foreign  bool // a file of the language, for annotations
	list     bool // the generic List
	typ      reflect.Type
	path     string // of typ in the schema
	constant *definition
}

const (
	schemaPath  = "/workerd/workerd.capnp"
	foreignPath = "/capnp/"
)

// lookUp finds what an expression names. False means that it names nothing and that this has been reported.
func (c *checker) lookUp(f *file, e *expr) (entity, bool) {
	switch e.kind {
	case exprName, exprAbsolute:
		if d := f.byName[e.text]; d != nil {
			return c.define(d)
		}
		if t := builtinTypes[e.text]; t != nil && e.kind == exprName {
			return entity{typ: t}, true
		}
		if e.text == "List" && e.kind == exprName {
			return entity{list: true}, true
		}
		if !f.broken {
			c.errorf(f, e.pos, c.hintName(f, e.text), "there is nothing named %q", e.text)
		}
	case exprImport:
		return c.imported(f, e)
	case exprMember:
		of, ok := c.lookUp(f, e.of)
		if !ok {
			return entity{}, false
		}
		return c.member(f, e, of)
	case exprApply:
		return c.apply(f, e)
	default:
		c.errorf(f, e.pos, "", "expected a name, not %s", describeExpr(e))
	}
	return entity{}, false
}

// hintName guesses which name was meant.
func (c *checker) hintName(f *file, name string) string {
	names := make([]string, 0, len(f.list))
	for _, d := range f.list {
		names = append(names, d.name)
	}
	if near := diagnostic.Nearest(name, names); near != "" {
		if f.byName[near].typ != nil {
			near = "." + near
		}
		return "did you mean " + near + "?"
	}
	return ""
}

// define finds what a definition stands for, once.
func (c *checker) define(d *definition) (entity, bool) {
	if d.typ != nil {
		return entity{constant: d}, true
	}
	if d.done {
		return d.what, d.ok
	}
	leave, ok := c.enter(d)
	if !ok {
		return entity{}, false
	}
	defer leave()
	d.what, d.ok = c.lookUp(d.file, d.value)
	return d.what, d.ok
}

// member finds a name within a file or the schema.
func (c *checker) member(f *file, e *expr, of entity) (entity, bool) {
	switch {
	case of.foreign:
		c.errorf(f, e.pos, "", "files of the language have nothing that a configuration could use")
		return entity{}, false
	case of.file != nil:
		if d := of.file.byName[e.text]; d != nil {
			return c.define(d)
		}
		if !of.file.broken {
			c.errorf(f, e.pos, strings.Replace(c.hintName(of.file, e.text), "mean .", "mean ", 1), "%s has nothing named %q", of.file.path, e.text)
		}
		return entity{}, false
	case of.constant != nil:
		c.errorf(f, e.pos, "make a const of what both need", "const %q has no members: its fields cannot be referred to", of.constant.name)
		return entity{}, false
	case of.schema || of.path != "":
		path := strings.TrimPrefix(of.path+"."+e.text, ".")
		names := []string{}
		for _, s := range schemaTypes {
			if s.path == path {
				return entity{typ: s.typ, path: path}, true
			}
			if inner, ok := strings.CutPrefix(s.path, strings.TrimPrefix(of.path+".", ".")); ok && !strings.Contains(inner, ".") {
				names = append(names, inner)
			}
		}
		c.errorf(f, e.pos, diagnostic.HintNearest(e.text, names), "the schema has no type %q", path)
		return entity{}, false
	}
	c.errorf(f, e.pos, "", "it has no member %q", e.text)
	return entity{}, false
}

// apply finds List(T).
func (c *checker) apply(f *file, e *expr) (entity, bool) {
	of, ok := c.lookUp(f, e.of)
	if !ok {
		return entity{}, false
	}
	if !of.list || len(e.items) != 1 || e.items[0].name != "" {
		c.errorf(f, e.pos, "", "only List takes an argument, the type of its elements")
		return entity{}, false
	}
	element, ok := c.lookUpType(f, e.items[0].value)
	if !ok {
		return entity{}, false
	}
	return entity{typ: reflect.SliceOf(element)}, true
}

// lookUpType finds a type by its expression.
func (c *checker) lookUpType(f *file, e *expr) (reflect.Type, bool) {
	what, ok := c.lookUp(f, e)
	if !ok {
		return nil, false
	}
	if what.typ == nil {
		c.errorf(f, e.pos, "types of the configuration are members of "+schemaPath+", as in Workerd.Config", "this is no type")
		return nil, false
	}
	return what.typ, true
}

// imported reads the file of an import, once.
func (c *checker) imported(f *file, e *expr) (entity, bool) {
	switch {
	case e.text == schemaPath:
		return entity{schema: true}, true
	case strings.HasPrefix(e.text, foreignPath):
		return entity{foreign: true}, true
	case strings.HasPrefix(e.text, "/"):
		c.errorf(f, e.pos, "write the path relative to this file", "there is no built-in file %q besides %s", e.text, schemaPath)
		return entity{}, false
	}
	path := relative(f, e.text)
	imported, known := c.files[path]
	if !known {
		imported = c.read(path, func(err error) { c.errorf(f, e.pos, hintFile(path, err), "%s", fileError(e.text, err)) })
		c.files[path] = imported
	}
	return entity{file: imported}, imported != nil
}

// relative resolves a path in a file against the folder of the file.
func relative(f *file, path string) string {
	return filepath.Join(filepath.Dir(f.path), filepath.FromSlash(path))
}
