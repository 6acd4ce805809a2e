package wrangler

import (
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// loadVars adds the local variables: from .dev.vars.ENV or else .dev.vars, or when there is neither from the .env files, and last Options.Vars.
// They override those of the configuration.
func (p *Project) loadVars(r *report, opts Options) {
	pairs, source := p.devVars(r)
	found := map[string]bool{}
	for _, pair := range pairs {
		found[pair.name] = true
		if p.Secrets != nil && !p.hasVar(pair.name) && !contains(p.Secrets.Required, pair.name) {
			continue
		}
		p.setVar(Var{Name: pair.name, Kind: VarSecret, Value: pair.value, Source: source})
	}
	if p.Secrets != nil {
		var missing []string
		for _, name := range p.Secrets.Required {
			if _, given := opts.Vars[name]; !given && !found[name] {
				missing = append(missing, name)
			}
		}
		if len(missing) > 0 {
			r.warnf(p.at("secrets.required"), "add them to .dev.vars", "missing required secrets: %s", strings.Join(missing, ", "))
		}
	}
	names := make([]string, 0, len(opts.Vars))
	for name := range opts.Vars {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		p.setVar(Var{Name: name, Kind: VarText, Value: opts.Vars[name], Source: "--var"})
	}
}

func (p *Project) hasVar(name string) bool {
	for _, v := range p.Vars {
		if v.Name == name {
			return true
		}
	}
	return false
}

func (p *Project) setVar(v Var) {
	for i := range p.Vars {
		if p.Vars[i].Name == v.Name {
			p.Vars[i] = v
			return
		}
	}
	p.Vars = append(p.Vars, v)
}

// devVars reads the files of local variables.
func (p *Project) devVars(r *report) (pairs []dotenvPair, source string) {
	names := []string{".dev.vars"}
	if p.Env != "" {
		names = []string{".dev.vars." + p.Env, ".dev.vars"}
	}
	for _, name := range names {
		if pairs, ok := p.readDotenv(r, name, true); ok {
			return pairs, name
		}
	}
	names = []string{".env", ".env.local"}
	if p.Env != "" {
		names = append(names, ".env."+p.Env, ".env."+p.Env+".local")
	}
	for _, name := range names {
		more, _ := p.readDotenv(r, name, false)
		pairs = append(pairs, more...)
	}
	expandDotenv(pairs)
	return pairs, ".env"
}

// readDotenv reads one file; false means there is none. With strict, lines that are no assignment get a warning: a .dev.vars is written for the
// worker, while an .env may serve other programs with other habits.
func (p *Project) readDotenv(r *report, name string, strict bool) ([]dotenvPair, bool) {
	file := filepath.Join(p.Dir, name)
	text, err := os.ReadFile(file)
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			r.add(Diagnostic{File: p.shown(file), Severity: SeverityError, Message: "cannot be read"})
		}
		return nil, false
	}
	p.Files = append(p.Files, file)
	pairs, odd := parseDotenv(string(text))
	for _, at := range odd {
		if strict {
			r.add(Diagnostic{File: p.shown(file), Position: at, Severity: SeverityWarning, Message: "this line is passed over", Hint: "write NAME=value"})
		}
	}
	return pairs, true
}
