package wdconfig

import "github.com/dynos-run/dynos/loader/internal/diagnostic"

// What is wrong with a configuration; the types are those of every reader of configuration.
type (
	// A Diagnostic is one thing wrong with a configuration, at the place to mend it.
	Diagnostic = diagnostic.Diagnostic
	// An Error holds everything that is wrong with a configuration, errors and warnings. At least one is an error.
	Error = diagnostic.Error
	// A Position is a place in a file. Both numbers start at 1, the column counts bytes.
	Position = diagnostic.Position
)

// Void is a value that says nothing but that it is there.
type Void struct{}

// A Place is a position in one of the files of a configuration.
type Place struct {
	// File is the path as it follows from the argument of Load.
	File string
	Position
}

// A Node is what every struct of a configuration knows of itself: where it stands, and which of its fields are given.
type Node struct {
	// Place is where the struct begins.
	Place
	fields map[string]givenField
}

// A givenField is where a field is given: its name, its value, and the elements if that is a list of texts.
type givenField struct {
	name, value Place
	elements    []Place
}

// Has says whether a field is given. A member of a union that another member has replaced is not.
func (n *Node) Has(field string) bool {
	_, ok := n.fields[field]
	return ok
}

// At gives the place of a field's value, or that of the struct if the field is not given.
func (n *Node) At(field string) Place {
	if f, ok := n.fields[field]; ok {
		return f.value
	}
	return n.Place
}

// AtName gives the place of a field's name, or that of the struct if the field is not given.
func (n *Node) AtName(field string) Place {
	if f, ok := n.fields[field]; ok {
		return f.name
	}
	return n.Place
}

// AtElement gives the place of an element of a list of texts, or that of the list.
func (n *Node) AtElement(field string, i int) Place {
	if f, ok := n.fields[field]; ok && i < len(f.elements) {
		return f.elements[i]
	}
	return n.At(field)
}
