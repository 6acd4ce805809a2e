package loader

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dynos-run/dynos/isolate/ops"
)

// An ExtensionModule is an ECMAScript module that workers can import by its name, as they can import a built-in.
type ExtensionModule struct {
	// Name is what is imported: "acme:burrito".
	Name string
	// Internal says that only modules of extensions can import it, and wrapped bindings are made by it.
	Internal bool
	// Source is its text.
	Source []byte
}

func (m *ExtensionModule) encode(b *ops.Batch) {
	b.String(m.Name)
	kind := ops.ExtensionModule
	if m.Internal {
		kind = ops.InternalExtensionModule
	}
	b.Int(int64(kind) | int64(ES))
	b.Data(m.Source)
}

// Wrapped is what a function of a module makes of other bindings: it is called with an object of them, before the worker's own modules run.
type Wrapped struct {
	// Module is the name of an [ExtensionModule] or of an internal module of dynos.
	Module string
	// Entrypoint is the name of the function among its exports. Empty means default.
	Entrypoint string
	// Inner are the bindings that it is given.
	Inner []Binding
}

func (w *Wrapped) validate(names services) error {
	var faults []error
	for _, b := range w.Inner {
		var err error
		switch {
		case b.Service != nil:
			err = names.check(b.Service)
		case b.Wrapped != nil:
			err = b.Wrapped.validate(names)
		case !b.Loader && !b.UnsafeEval && b.Data == nil:
			_, err = json.Marshal(b.Value)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("inner binding %q: %w", b.Name, err))
		}
	}
	return errors.Join(faults...)
}
