package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dynos-run/dynos/bindings/durable"
	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/wrangler"
)

// migrateObjects applies the migrations of projects to what is stored.
func migrateObjects(objects *durable.Durable, projects []loadedProject) error {
	order := make([]int, len(projects))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { // a class that comes from another worker is there by then
		return transfers(projects[a].project) - transfers(projects[b].project)
	})
	for _, k := range order {
		p := projects[k].project
		err := objects.Migrate(p.Name, migrationsOf(p))
		var bad *durable.MigrationError
		if errors.As(err, &bad) {
			return &inputError{migrationFault(p, bad)}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// transfers counts the classes that a project takes over.
func transfers(p *wrangler.Project) int {
	n := 0
	for _, m := range p.Migrations {
		n += len(m.Transferred)
	}
	return n
}

// placeObjects sets the unique keys of the classes of workers, which are in the order of their projects. One that no migration has introduced has that of its name, if it is free; one that has gone since is
// none of the worker's any more.
func placeObjects(projects []loadedProject, places []map[string]durable.Class, config *loader.Config) error {
	owners := map[string]string{}
	for k, classes := range places {
		for name, class := range classes {
			owners[class.Key] = fmt.Sprintf("%q of worker %q", name, projects[k].project.Name)
		}
	}
	for k, p := range projects {
		kept := config.Workers[k].Objects[:0]
		for _, class := range config.Workers[k].Objects {
			_, declared := p.project.SQLite(class.Name)
			place, stored := places[k][class.Name]
			owner := owners[class.UniqueKey]
			switch {
			case stored:
				class.UniqueKey, class.SQL = place.Key, place.SQL
			case bindsOwn(p.project, class.Name) && (declared && len(p.project.Migrations) > 0 || owner != ""):
				return &inputError{goneFault(p.project, class.Name, owner)}
			case declared && len(p.project.Migrations) > 0:
				continue
			}
			kept = append(kept, class)
		}
		config.Workers[k].Objects = kept
	}
	return nil
}

// bindsOwn says whether a worker has a binding to a class of its own.
func bindsOwn(p *wrangler.Project, class string) bool {
	return slices.ContainsFunc(p.DurableObjects.Bindings, func(o wrangler.DurableObject) bool {
		return o.ClassName == class && (o.ScriptName == "" || o.ScriptName == p.Name)
	})
}

// goneFault is the line that says that a class has no objects here any more.
func goneFault(p *wrangler.Project, class, owner string) string {
	where := ""
	if owner != "" {
		where = ": its objects are those of class " + owner
	}
	return p.At("durable_objects", wrangler.SeverityError, "bind the class that has them, or make this one anew by a migration",
		"there is no Durable Object class %q any more%s", class, where).String()
}

func migrationsOf(p *wrangler.Project) []durable.Migration {
	var list []durable.Migration
	for _, m := range p.Migrations {
		step := durable.Migration{Tag: m.Tag, New: m.NewClasses, NewSQLite: m.NewSQLiteClasses, Deleted: m.DeletedClasses}
		for _, r := range m.RenamedClasses {
			step.Renamed = append(step.Renamed, durable.Move{From: r.From, To: r.To})
		}
		for _, t := range m.Transferred {
			step.Transferred = append(step.Transferred, durable.Move{Worker: t.FromScript, From: t.From, To: t.To})
		}
		list = append(list, step)
	}
	return list
}

// migrationFault is the line that says what is wrong with a migration.
func migrationFault(p *wrangler.Project, bad *durable.MigrationError) string {
	path := "migrations"
	if bad.Index >= 0 {
		path = fmt.Sprintf("migrations[%d]", bad.Index)
	}
	hint := "what was applied stays as it is: add a migration behind it, or choose another --state"
	return strings.TrimSpace(p.At(path, wrangler.SeverityError, hint, "%s", bad.Message).String())
}
