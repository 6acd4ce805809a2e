package loader

import (
	"errors"
	"fmt"
)

// checkObjects says what is wrong with the Durable Object classes of the workers, and with what refers to them.
func (c *Config) checkObjects() error {
	var faults []error
	known := map[ObjectNamespace]bool{}
	keys := map[string]string{}
	for _, w := range c.Workers {
		for _, class := range w.Objects {
			n := ObjectNamespace{w.Name, class.Name}
			switch {
			case class.Name == "" || known[n]:
				faults = append(faults, fmt.Errorf("worker %q: Durable Object class %q is there twice or has no name", w.Name, class.Name))
			case class.UniqueKey == "":
				faults = append(faults, fmt.Errorf("worker %q: Durable Object class %q has no unique key", w.Name, class.Name))
			case keys[class.UniqueKey] != "":
				faults = append(faults, fmt.Errorf("worker %q: Durable Object class %q has the unique key of %s", w.Name, class.Name, keys[class.UniqueKey]))
			case class.Storage == nil && c.ObjectStorage == nil:
				faults = append(faults, fmt.Errorf("worker %q: Durable Object class %q has no storage", w.Name, class.Name))
			}
			known[n] = true
			keys[class.UniqueKey] = fmt.Sprintf("%q of worker %q", class.Name, w.Name)
		}
	}
	for _, w := range c.Workers {
		for _, b := range w.Bindings {
			if b.Objects != nil && !known[*b.Objects] {
				faults = append(faults, fmt.Errorf("worker %q: binding %q: worker %q has no Durable Object class %q", w.Name, b.Name, b.Objects.Worker, b.Objects.Class))
			}
		}
	}
	return errors.Join(faults...)
}
