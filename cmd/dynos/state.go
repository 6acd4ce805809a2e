package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/dynos-run/dynos/bindings/standard"
)

// stateCommand is about what workers have stored. No server has the folder open meanwhile.
type stateCommand struct {
	List    stateList    `cmd:"" help:"Print what is kept, an item a line."`
	Check   stateCheck   `cmd:"" help:"Read everything, and say what is damaged."`
	Compact stateCompact `cmd:"" help:"Give room that nothing uses back to the file system."`
	Export  stateExport  `cmd:"" help:"Write everything into one archive, as a backup."`
	Import  stateImport  `cmd:"" help:"Make a new state of such an archive."`
}

// stateDir says which folder is meant.
type stateDir struct {
	Path  string `arg:"" optional:"" default:"." help:"Project folder."`
	State string `help:"Folder of what workers store: .dynos/state of the project, unless given." placeholder:"DIR"`
}

func (d *stateDir) dir() string {
	if d.State != "" {
		return d.State
	}
	return filepath.Join(d.Path, stateFolder)
}

// use calls a function with the state, which must be there.
func (d *stateDir) use(do func(s *standard.State) error) (err error) {
	dir := d.dir()
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return &inputError{fmt.Sprintf("dynos: %s is not there: nothing has been stored", dir)}
	}
	state, err := standard.Open(dir)
	if err != nil {
		return stateFault(dir, err)
	}
	defer func() { err = errors.Join(err, state.Close()) }()
	return do(state)
}

// stateFault is why a folder cannot be opened.
func stateFault(dir string, err error) error {
	switch {
	case errors.Is(err, standard.ErrLocked):
		return &inputError{fmt.Sprintf("dynos: %s belongs to a server that runs; stop it or choose another folder", dir)}
	case errors.Is(err, standard.ErrNotEmpty):
		return &inputError{fmt.Sprintf("dynos: %s has state already; move it away first, or choose another folder", dir)}
	}
	return &inputError{fmt.Sprintf("dynos: %s cannot keep state: %s", dir, err)}
}

func nameOf(i standard.Item) string {
	if i.Name == "" {
		return i.Kind + " " + i.ID
	}
	return i.Kind + ":" + i.Name + " " + i.ID
}

type stateList struct {
	stateDir `embed:""`
}

// Run prints kind, name, id and size of each item.
func (c *stateList) Run(s streams) error {
	return c.use(func(state *standard.State) error {
		items, err := state.List()
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		for _, i := range items {
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\n", i.Kind, cmp.Or(i.Name, "-"), i.ID, i.Bytes)
		}
		return errors.Join(err, table.Flush())
	})
}

type stateCheck struct {
	stateDir `embed:""`
}

// Run prints a line for each item that is damaged; then the command fails.
func (c *stateCheck) Run(s streams) error {
	return c.use(func(state *standard.State) error {
		items, err := state.List()
		damaged := 0
		for _, i := range items {
			if e := state.Check(i); e != nil {
				damaged++
				fmt.Fprintf(s.err, "%s: %s\n", nameOf(i), e)
			}
		}
		if err == nil && damaged > 0 {
			return fmt.Errorf("%d of %d items are damaged", damaged, len(items))
		}
		fmt.Fprintf(s.out, "%d items are sound\n", len(items))
		return err
	})
}

type stateCompact struct {
	stateDir `embed:""`
}

// Run compacts each item, and says how much that has given.
func (c *stateCompact) Run(s streams) error {
	return c.use(func(state *standard.State) error {
		before, err := total(state)
		if err != nil {
			return err
		}
		orphans, err := state.RemoveOrphans()
		if err != nil {
			return err
		}
		items, err := state.List()
		for _, i := range items {
			if e := state.Compact(i); e != nil {
				err = errors.Join(err, fmt.Errorf("%s: %w", nameOf(i), e))
			}
		}
		after, e := total(state)
		fmt.Fprintf(s.out, "%d items, %d left-over files removed, %d bytes of %d given back\n", len(items), orphans, max(before-after, 0), before)
		return errors.Join(err, e)
	})
}

func total(state *standard.State) (bytes int64, err error) {
	items, err := state.List()
	for _, i := range items {
		bytes += i.Bytes
	}
	return bytes, err
}

type stateExport struct {
	File     string `arg:"" help:"Archive to write (tar)."`
	stateDir `embed:""`
}

// Run writes the archive under another name first, so that there is never half of one.
func (c *stateExport) Run(streams) error {
	return c.use(func(state *standard.State) (err error) {
		f, err := os.CreateTemp(filepath.Dir(c.File), filepath.Base(c.File)+".*")
		if err != nil {
			return &inputError{"dynos: " + err.Error()}
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, os.Remove(f.Name()))
			}
		}()
		err = state.Export(f)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			return err
		}
		return os.Rename(f.Name(), c.File)
	})
}

type stateImport struct {
	File     string `arg:"" type:"existingfile" help:"Archive that 'dynos state export' has written."`
	stateDir `embed:""`
}

// Run unpacks and checks the archive.
func (c *stateImport) Run(streams) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if err := standard.Import(c.dir(), f); err != nil {
		if errors.Is(err, standard.ErrLocked) || errors.Is(err, standard.ErrNotEmpty) {
			return stateFault(c.dir(), err)
		}
		return &inputError{fmt.Sprintf("dynos: %s cannot be imported: %s", c.File, err)}
	}
	return nil
}
