package durable

import (
	"errors"
	"strconv"
	"strings"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/internal/store"
)

// Facets. Beside the file of an object are those of its facets, and of theirs, under numbers; an index, a file as well, says which facet has which.
// Numbers are not given twice, so that a file which was left behind is nobody's: what is not in the index is not there.

const (
	indexSuffix = "/facets"
	rootNumber  = "0"
	lastKey     = ""
)

// An index is open while something is read or changed. The holder has Durable.facets.
type index struct {
	file *store.Object
	root bindings.ObjectName
}

func (d *Durable) openIndex(root bindings.ObjectName) (*index, error) {
	file, err := d.store.Object(spacePrefix+root.Space, root.ID+indexSuffix)
	if err != nil {
		return nil, err
	}
	return &index{file, root}, nil
}

// hasIndex says whether an object has ever had facets that store something.
func (d *Durable) hasIndex(root bindings.ObjectName) bool {
	return d.store.Exists(spacePrefix+root.Space, root.ID+indexSuffix)
}

func facetKey(parent, name string) string { return parent + "\x00" + name }

// find gives the number of a facet, "" if it has none.
func (x *index) find(parent, name string) (string, error) {
	number, _, err := x.file.Get(facetKey(parent, name))
	return string(number), err
}

// number finds or gives a number.
func (x *index) number(parent, name string) (string, error) {
	number, err := x.find(parent, name)
	if err != nil || number != "" {
		return number, err
	}
	last, _, err := x.file.Get(lastKey)
	if err != nil {
		return "", err
	}
	n, _ := strconv.ParseUint(string(last), 10, 64) // none is 0
	number = strconv.FormatUint(n+1, 10)
	return number, errors.Join(x.file.Put(lastKey, []byte(number)), x.file.Put(facetKey(parent, name), []byte(number)))
}

// A facetEntry is a facet of another.
type facetEntry struct{ name, number string }

// children lists the facets of a facet.
func (x *index) children(parent string) ([]facetEntry, error) {
	entries, err := x.file.List(store.PrefixRange(facetKey(parent, "")))
	list := make([]facetEntry, 0, len(entries))
	for _, e := range entries {
		_, name, _ := strings.Cut(e.Key, "\x00")
		list = append(list, facetEntry{name, string(e.Value)})
	}
	return list, err
}

// fileID is the id under which a facet has its file.
func (x *index) fileID(number string) string { return x.root.ID + "/" + number }

// facet opens the storage of a facet, and gives it a number if it has none.
func (d *Durable) facet(name bindings.ObjectName) (bindings.Object, error) {
	d.facets.Lock()
	defer d.facets.Unlock()
	root := name
	root.Facet = nil
	x, err := d.openIndex(root)
	if err != nil {
		return nil, err
	}
	defer x.file.Release()
	number := rootNumber
	for _, part := range name.Facet {
		if number, err = x.number(number, part); err != nil {
			return nil, err
		}
	}
	if err := x.file.Commit(); err != nil {
		return nil, err
	}
	file, err := d.store.Object(spacePrefix+name.Space, x.fileID(number))
	if err != nil {
		return nil, err
	}
	o := &Object{durable: d, store: file, name: name, number: number, beside: []*store.Object{x.file}}
	o.alarm.checked = true // it has none
	return o, nil
}

// change opens the index of an object's root, if there is one, for a change that is durable with the object's next Flush.
func (o *Object) change(change func(x *index, parent string) error) error {
	d := o.durable
	d.facets.Lock()
	defer d.facets.Unlock()
	if !d.hasIndex(o.name) {
		return nil
	}
	x, err := d.openIndex(o.name)
	if err != nil {
		return err
	}
	defer x.file.Release()
	parent := o.number
	if parent == "" {
		parent = rootNumber
	}
	if err := change(x, parent); err != nil {
		return errors.Join(err, x.file.Rollback())
	}
	if err := x.file.Commit(); err != nil {
		return err
	}
	o.wrote(false)
	o.beside = append(o.beside, x.file)
	return nil
}

// DeleteFacet implements bindings.Object.
func (o *Object) DeleteFacet(name string) error {
	return o.change(func(x *index, parent string) error {
		number, err := x.find(parent, name)
		if err != nil || number == "" {
			return err
		}
		return o.drop(x, parent, facetEntry{name, number})
	})
}

// deleteFacets removes all facets.
func (o *Object) deleteFacets() error {
	return o.change(func(x *index, parent string) error { return o.dropChildren(x, parent) })
}

func (o *Object) dropChildren(x *index, parent string) error {
	list, err := x.children(parent)
	for _, e := range list {
		err = errors.Join(err, o.drop(x, parent, e))
	}
	return err
}

// drop takes a facet and its facets out of the index. Their files go, too; one that stays is nobody's.
func (o *Object) drop(x *index, parent string, e facetEntry) error {
	if err := o.dropChildren(x, e.number); err != nil {
		return err
	}
	if _, err := x.file.Delete(facetKey(parent, e.name)); err != nil {
		return err
	}
	return o.durable.store.Remove(spacePrefix+o.name.Space, x.fileID(e.number))
}

// CloneFacet implements bindings.Object.
func (o *Object) CloneFacet(source, name string) error {
	return o.change(func(x *index, parent string) error {
		if number, err := x.find(parent, name); err != nil {
			return err
		} else if number != "" {
			if err := o.drop(x, parent, facetEntry{name, number}); err != nil {
				return err
			}
		}
		from, err := x.find(parent, source)
		if err != nil || from == "" {
			return err
		}
		return o.copy(x, from, parent, name)
	})
}

// copy gives a facet the storage of another, and of its facets.
func (o *Object) copy(x *index, from, parent, name string) error {
	to, err := x.number(parent, name)
	if err != nil {
		return err
	}
	space := spacePrefix + o.name.Space
	if o.durable.store.Exists(space, x.fileID(from)) {
		file, err := o.durable.store.Copy(space, x.fileID(from), x.fileID(to))
		if err != nil {
			return err
		}
		defer file.Release()
		o.beside = append(o.beside, file)
	}
	list, err := x.children(from)
	for _, e := range list {
		err = errors.Join(err, o.copy(x, e.number, to, e.name))
	}
	return err
}
