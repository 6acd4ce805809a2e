package wrangler

import (
	"fmt"
	"maps"
	"slices"

	"github.com/dynos-run/dynos/loader"
)

// A Project is a worker as its files describe it, for one environment. Paths are absolute. Fields without a word of explanation hold the
// configuration key of the same name; the zero value means the key is absent.
type Project struct {
	// Dir is the folder of the configuration file, or of the source file that was loaded without one.
	Dir string
	// ConfigPath is the configuration file as it follows from the argument of Load, "" if there is none.
	ConfigPath string
	// Files are all files the project was read from (configuration, variables), absolute: when one changes, Load gives another project.
	Files []string
	// Env is the environment asked for, "" for the top level.
	Env string
	// Warnings are what is odd but does not stop the project.
	Warnings []Diagnostic

	// Name is the worker's name, with "-ENV" when an environment inherits it. Default: the folder's or file's name.
	Name string
	// Main is the main module's file. It is "" when the project is static assets only.
	Main string
	// CompatibilityDate is "yyyy-mm-dd", never later than Options.NewestDate, which is also its default.
	CompatibilityDate  string
	CompatibilityFlags []string

	// Vars are the variables and secrets, in the order of the files: configuration, then .dev.vars or .env, then Options.Vars.
	Vars                   []Var
	Services               []Service
	WorkerLoaders          []WorkerLoader
	KVNamespaces           []KVNamespace
	R2Buckets              []R2Bucket
	D1Databases            []D1Database
	Queues                 Queues
	DurableObjects         DurableObjects
	Migrations             []Migration
	Exports                map[string]Export
	Workflows              []Workflow
	Assets                 *Assets
	AnalyticsDatasets      []AnalyticsDataset
	RateLimits             []RateLimit
	Hyperdrives            []Hyperdrive
	SendEmails             []SendEmail
	StoreSecrets           []StoreSecret
	Pipelines              []Pipeline
	VersionMetadata        *Named
	TailConsumers          []TailConsumer
	StreamingTailConsumers []TailConsumer
	Secrets                *Secrets
	Triggers               Triggers
	Limits                 Limits
	Dev                    Dev
	// WasmModules, TextBlobs and DataBlobs map the name of a global of a service worker to its file.
	WasmModules, TextBlobs, DataBlobs map[string]string

	// NoBundle passes the main module and what Rules find through unchanged.
	NoBundle bool
	// FindAdditionalModules adds every file that Rules match below BaseDir. Default: NoBundle.
	FindAdditionalModules *bool
	// BaseDir is the folder module names are relative to. Default: the folder of Main.
	BaseDir           string
	Rules             []Rule
	PreserveFileNames bool
	Alias             map[string]string
	Define            map[string]string
	TSConfig          string
	// JSXFactory and JSXFragment are "" unless set: then a tsconfig.json decides, and without one React's.
	JSXFactory, JSXFragment string
	Minify                  bool
	// KeepNames keeps the names of functions and classes when they are renamed. Default: true.
	KeepNames bool

	// nodeEnv is the value of process.env.NODE_ENV in the bundle.
	nodeEnv string
	// display is Dir as it follows from the argument of Load: the start of file names in diagnostics.
	display string
	serves  func(key string) bool
	// values are the nodes of the keys that hold, for diagnostics of later stages.
	values map[string]*node
}

// At makes a diagnostic for a value of the configuration, so that who uses the project can blame the line: path is spelled as in the file,
// "services[0].service". An unknown path gives the place of the nearest value that is known.
func (p *Project) At(path string, severity Severity, hint, format string, args ...any) Diagnostic {
	d := Diagnostic{File: p.ConfigPath, Severity: severity, Message: fmt.Sprintf(format, args...), Hint: hint}
	root := &node{kind: kindObject}
	for name, value := range p.values {
		root.members = append(root.members, member{name: name, value: value})
	}
	d.Position = root.at(path)
	return d
}

// SQLite reports whether a Durable Object class of this worker stores in SQLite, after all migrations or by its export. ok is false for a class that
// neither names; the platform gives such a class key-value storage.
func (p *Project) SQLite(class string) (sqlite, ok bool) {
	if export, found := p.Exports[class]; found && export.Type == "durable-object" {
		return export.Storage == "sqlite", export.State != "deleted"
	}
	sqlite, ok = p.migratedClasses()[class]
	return sqlite, ok
}

// declaredClasses are the Durable Object classes that the worker has after all migrations or by its exports, in order.
func (p *Project) declaredClasses() []string {
	classes := p.migratedClasses()
	for name, export := range p.Exports {
		if export.Type == "durable-object" && (export.State == "" || export.State == "created") {
			classes[name] = true
		}
	}
	return slices.Sorted(maps.Keys(classes))
}

// migratedClasses are the classes that the worker has after all migrations; true for those that store in SQLite.
func (p *Project) migratedClasses() map[string]bool {
	classes := map[string]bool{}
	for _, m := range p.Migrations {
		for _, name := range m.NewClasses {
			classes[name] = false
		}
		for _, name := range m.NewSQLiteClasses {
			classes[name] = true
		}
		for _, rename := range m.RenamedClasses {
			if storage, known := classes[rename.From]; known {
				delete(classes, rename.From)
				classes[rename.To] = storage
			}
		}
		for _, name := range m.DeletedClasses {
			delete(classes, name)
		}
		for _, move := range m.Transferred {
			classes[move.To] = false
		}
	}
	return classes
}

// additionalModules reports whether files are looked for below BaseDir.
func (p *Project) additionalModules() bool {
	if p.FindAdditionalModules != nil {
		return *p.FindAdditionalModules
	}
	return p.NoBundle
}

// hasFlag reports whether a compatibility flag is given, or on by date.
func (p *Project) hasFlag(name string) bool {
	return contains(p.CompatibilityFlags, name) || loader.HasCompatibilityFlag(p.CompatibilityDate, p.CompatibilityFlags, name)
}
