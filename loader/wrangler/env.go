package wrangler

import (
	"reflect"
	"strings"
)

// effective gives, for each key of the table, the value that holds in the chosen environment, and fills the project with them.
//
// An environment is a worker of its own: keys that say how it is built and run are inherited from the top level, keys that say what it reaches are
// not, so that a test environment never touches production data by accident. A named environment's worker is called NAME-ENV.
func (p *Project) effective(d *decoder, root *node) {
	environment := p.environment(d.report, root)
	p.unknownKeys(d.report, root, false)
	if environment != nil {
		p.unknownKeys(d.report, environment, true)
	}
	for i := range keys {
		k := &keys[i]
		m, prefix := root.get(k.name), ""
		if environment != nil && k.scope != topOnly {
			given := environment.get(k.name)
			switch {
			case given != nil && given.value.kind != kindNull:
				// The hidden value of the top level is checked too: a mistake there bites the day the environment's own goes.
				p.check(d.report, k, m)
				m, prefix = given, "env."+p.Env+"."
			case k.scope == inherited || m == nil:
				// m holds here too.
			default:
				p.check(d.report, k, m)
				d.report.warnf(m.pos, "repeat it there, environments do not inherit it",
					"%q is set at the top level, but not in \"env.%s\"", k.name, p.Env)
				m = nil
			}
		}
		if m == nil || m.value.kind == kindNull {
			continue
		}
		p.effectiveKey(d, k, m, prefix)
	}
	if p.Env != "" && p.Name != "" && environment.get("name") == nil {
		p.Name += "-" + p.Env
	}
}

// effectiveKey fills one key, or says why not.
func (p *Project) effectiveKey(d *decoder, k *key, m *member, prefix string) {
	p.values[k.name] = m.value
	switch {
	case k.use == removed:
		d.report.errorf(m.pos, k.note, "%q is no longer supported", prefix+k.name)
		return
	case k.use == unserved, k.use == reach && p.serves != nil && !p.serves(k.name):
		d.report.warnf(m.pos, "", "%q is not served by dynos and has no effect", prefix+k.name)
	}
	d.decode(m.value, reflect.ValueOf(k.into(p)).Elem(), prefix+k.name)
}

// check reports what is wrong with a value that does not hold.
func (p *Project) check(r *report, k *key, m *member) {
	if m == nil || m.value.kind == kindNull || k.use == removed {
		return
	}
	d := &decoder{report: r, names: map[string]binding{}}
	d.decode(m.value, reflect.ValueOf(k.into(&Project{})).Elem(), k.name)
}

// environment finds the section of the chosen environment, nil for the top level.
func (p *Project) environment(r *report, root *node) *node {
	section := root.get("env")
	if section != nil && section.value.kind != kindObject {
		r.errorf(section.value.pos, "", "\"env\" must be an object, not %s", describe(section.value))
		return nil
	}
	if p.Env == "" {
		return nil
	}
	if section != nil {
		if m := section.value.get(p.Env); m != nil {
			if m.value.kind != kindObject {
				r.errorf(m.value.pos, "", "\"env.%s\" must be an object, not %s", p.Env, describe(m.value))
				return nil
			}
			return m.value
		}
		names := section.value.names()
		hint := hintNearest(p.Env, names)
		if hint == "" {
			hint = "there are " + strings.Join(names, ", ")
		}
		if len(names) > 0 {
			r.errorf(section.pos, hint, "there is no environment %q", p.Env)
			return nil
		}
	}
	r.warnf(Position{}, "the top level is used", "there is no environment %q, the file has none", p.Env)
	return nil
}

// unknownKeys warns of keys that no row of the table has.
func (p *Project) unknownKeys(r *report, section *node, environment bool) {
	for _, m := range section.members {
		k := findKey(m.name)
		switch {
		case k == nil && !(m.name == "env" && !environment):
			r.warnf(m.pos, hintNearest(m.name, keyNames(environment)), "unknown key %q", m.name)
		case k != nil && environment && k.scope == topOnly:
			r.warnf(m.pos, "move it to the top level", "%q has no effect in an environment", m.name)
		}
	}
}
