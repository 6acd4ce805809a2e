package wrangler

import (
	"fmt"
	"io"
	"path/filepath"
	"sort"
	"strings"
)

// Describe prints the project as it will be served, for people: one line per setting and binding, equal projects give equal text. Secrets are masked.
//
//	worker        api-staging (environment staging)
//	main          src/index.ts
//	compatibility 2026-01-01, nodejs_compat
//	vars
//	  GREETING    "hello"
//	  TOKEN       •••••• (.dev.vars)
//
// Errors: those of w.
func (p *Project) Describe(w io.Writer) error {
	d := &description{}
	d.identity(p)
	d.building(p)
	d.variables(p)
	d.bindings(p)
	d.running(p)
	_, err := io.WriteString(w, d.b.String())
	return err
}

// A description is text in two columns.
type description struct{ b strings.Builder }

func (d *description) line(name, format string, args ...any) {
	fmt.Fprintf(&d.b, "%-18s %s\n", name, fmt.Sprintf(format, args...))
}

func (d *description) item(name, format string, args ...any) {
	d.b.WriteString(strings.TrimRight(fmt.Sprintf("  %-16s %s", name, fmt.Sprintf(format, args...)), " ") + "\n")
}

// optional prints a line unless the value is empty.
func (d *description) optional(name, value string) {
	if value != "" {
		d.line(name, "%s", value)
	}
}

func (d *description) identity(p *Project) {
	name := p.Name
	if p.Env != "" {
		name += " (environment " + p.Env + ")"
	}
	d.line("worker", "%s", name)
	if p.ConfigPath != "" {
		d.line("configuration", "%s", filepath.Base(p.ConfigPath))
	}
	d.optional("main", p.relative(p.Main))
	d.line("compatibility", "%s", strings.Join(append([]string{p.CompatibilityDate}, p.CompatibilityFlags...), ", "))
}

func (d *description) building(p *Project) {
	if p.NoBundle {
		d.line("bundle", "no, modules below %s", p.relative(p.BaseDir))
	} else if p.additionalModules() {
		d.line("bundle", "yes, and modules below %s", p.relative(p.BaseDir))
	}
	if p.Minify {
		d.line("minify", "yes")
	}
	if !p.KeepNames {
		d.line("keep_names", "no")
	}
	if p.PreserveFileNames {
		d.line("preserve names", "yes")
	}
	d.optional("tsconfig", p.relative(p.TSConfig))
	d.optional("jsx_factory", p.JSXFactory)
	d.optional("jsx_fragment", p.JSXFragment)
	d.dict("alias", p.Alias)
	d.dict("define", p.Define)
	for i, rule := range p.Rules {
		if i == 0 {
			d.b.WriteString("rules\n")
		}
		more := ""
		if rule.Fallthrough != nil && *rule.Fallthrough {
			more = " (falls through)"
		}
		d.item(rule.Type, "%s%s", strings.Join(rule.Globs, " "), more)
	}
}

func (d *description) dict(name string, values map[string]string) {
	if len(values) == 0 {
		return
	}
	d.b.WriteString(name + "\n")
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		d.item(name, "%s", values[name])
	}
}

func (d *description) variables(p *Project) {
	for i, v := range p.Vars {
		if i == 0 {
			d.b.WriteString("vars\n")
		}
		switch {
		case v.Kind == VarSecret:
			d.item(v.Name, "•••••• (%s)", v.Source)
		case v.Kind == VarJSON:
			d.item(v.Name, "%s", v.Value)
		case v.Source == "--var":
			d.item(v.Name, "%q (--var)", v.Value)
		default:
			d.item(v.Name, "%q", v.Value)
		}
	}
}

// bindings prints what the worker reaches, one group per kind.
func (d *description) bindings(p *Project) {
	group(d, "services", p.Services, func(s Service) (string, string) {
		return s.Binding, join("worker", s.Service, "environment", s.Environment, "entrypoint", s.Entrypoint, "props", string(s.Props))
	})
	group(d, "worker loaders", p.WorkerLoaders, func(l WorkerLoader) (string, string) { return l.Binding, "" })
	group(d, "kv namespaces", p.KVNamespaces, func(kv KVNamespace) (string, string) { return kv.Binding, join("id", kv.ID) })
	group(d, "r2 buckets", p.R2Buckets, func(b R2Bucket) (string, string) {
		return b.Binding, join("bucket", b.BucketName, "jurisdiction", b.Jurisdiction)
	})
	group(d, "d1 databases", p.D1Databases, func(db D1Database) (string, string) {
		return db.Binding, join("database", db.DatabaseName, "id", db.DatabaseID)
	})
	group(d, "durable objects", p.DurableObjects.Bindings, func(o DurableObject) (string, string) {
		storage := ""
		if sqlite, ok := p.SQLite(o.ClassName); ok && sqlite {
			storage = "sqlite"
		} else if o.ScriptName == "" {
			storage = "key-value"
		}
		return o.Name, join("class", o.ClassName, "worker", o.ScriptName, "storage", storage)
	})
	group(d, "queue producers", p.Queues.Producers, func(q QueueProducer) (string, string) { return q.Binding, join("queue", q.Queue) })
	group(d, "queue consumers", p.Queues.Consumers, func(q QueueConsumer) (string, string) { return q.Queue, join("dead letters", q.DeadLetterQueue) })
	group(d, "workflows", p.Workflows, func(f Workflow) (string, string) {
		return f.Binding, join("name", f.Name, "class", f.ClassName, "worker", f.ScriptName)
	})
	group(d, "rate limits", p.RateLimits, func(l RateLimit) (string, string) {
		return l.Name, fmt.Sprintf("%g in %g s, namespace %s", l.Simple.Limit, l.Simple.Period, l.NamespaceID)
	})
	group(d, "analytics", p.AnalyticsDatasets, func(a AnalyticsDataset) (string, string) { return a.Binding, join("dataset", a.Dataset) })
	group(d, "hyperdrive", p.Hyperdrives, func(h Hyperdrive) (string, string) { return h.Binding, join("id", h.ID) })
	group(d, "send email", p.SendEmails, func(e SendEmail) (string, string) { return e.Name, join("to", e.DestinationAddress) })
	group(d, "store secrets", p.StoreSecrets, func(s StoreSecret) (string, string) { return s.Binding, join("store", s.StoreID, "name", s.SecretName) })
	group(d, "pipelines", p.Pipelines, func(l Pipeline) (string, string) { return l.Binding, join("pipeline", l.Pipeline, "stream", l.Stream) })
	if p.VersionMetadata != nil {
		d.line("version metadata", "%s", p.VersionMetadata.Binding)
	}
	if p.Assets != nil {
		d.line("assets", "%s", join("folder", p.relative(p.Assets.Directory), "binding", p.Assets.Binding,
			"html", p.Assets.HTMLHandling, "not found", p.Assets.NotFoundHandling, "worker first", string(p.Assets.RunWorkerFirst)))
	}
}

// group prints a heading and a line for each element.
func group[T any](d *description, name string, list []T, describe func(T) (name, text string)) {
	for i, element := range list {
		if i == 0 {
			d.b.WriteString(name + "\n")
		}
		itemName, text := describe(element)
		d.item(itemName, "%s", text)
	}
}

// join writes pairs of name and value, without those whose value is empty.
func join(pairs ...string) string {
	var parts []string
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			parts = append(parts, pairs[i]+" "+pairs[i+1])
		}
	}
	return strings.Join(parts, ", ")
}

func (d *description) running(p *Project) {
	group(d, "tail consumers", append(append([]TailConsumer(nil), p.TailConsumers...), p.StreamingTailConsumers...),
		func(c TailConsumer) (string, string) { return c.Service, "" })
	d.optional("crons", strings.Join(p.Triggers.Crons, "; "))
	var limits []string
	if p.Limits.CPUMillis != nil {
		limits = append(limits, fmt.Sprintf("cpu %g ms", *p.Limits.CPUMillis))
	}
	if p.Limits.WallMillis != nil {
		limits = append(limits, fmt.Sprintf("wall %g ms", *p.Limits.WallMillis))
	}
	if p.Limits.SubRequests != nil {
		limits = append(limits, fmt.Sprintf("subrequests %g", *p.Limits.SubRequests))
	}
	d.optional("limits", strings.Join(limits, ", "))
	dev := p.Dev.IP
	if p.Dev.Port != nil {
		dev += fmt.Sprintf(":%d", *p.Dev.Port)
	}
	d.optional("dev", dev)
}

// relative gives a path from the project's folder on, with slashes; "." is that folder.
func (p *Project) relative(file string) string {
	if file == "" {
		return ""
	}
	relative, err := filepath.Rel(p.Dir, file)
	if err != nil {
		return file
	}
	return filepath.ToSlash(relative)
}
