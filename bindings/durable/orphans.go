package durable

import (
	"strings"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/internal/store"
)

// Orphans gives those of the files that are nobody's: of facets that were deleted by a process which has ended before their files had.
//
// Errors: why an index cannot be read.
func (d *Durable) Orphans(files []store.File) ([]store.File, error) {
	d.facets.Lock()
	defer d.facets.Unlock()
	var orphans []store.File
	known := map[store.File]map[string]bool{}
	for _, f := range files {
		key, isObject := strings.CutPrefix(f.Space, spacePrefix)
		id, number, isFacet := strings.Cut(f.ID, "/")
		if !isObject || !isFacet || "/"+number == indexSuffix {
			continue
		}
		root := store.File{Space: key, ID: id}
		if known[root] == nil {
			numbers, err := d.numbers(bindings.ObjectName{Space: key, ID: id})
			if err != nil {
				return nil, err
			}
			known[root] = numbers
		}
		if !known[root][number] {
			orphans = append(orphans, f)
		}
	}
	return orphans, nil
}

// numbers gives the numbers of all facets of an object.
func (d *Durable) numbers(root bindings.ObjectName) (map[string]bool, error) {
	numbers := map[string]bool{}
	if !d.hasIndex(root) {
		return numbers, nil
	}
	x, err := d.openIndex(root)
	if err != nil {
		return nil, err
	}
	defer x.file.Release()
	entries, err := x.file.List(store.Range{})
	for _, e := range entries {
		if e.Key != lastKey {
			numbers[string(e.Value)] = true
		}
	}
	return numbers, err
}
