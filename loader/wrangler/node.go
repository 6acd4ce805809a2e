package wrangler

import (
	"encoding/json"
	"strconv"
	"strings"
)

// A nodeKind is the type of a configuration value.
type nodeKind uint8

const (
	kindNull nodeKind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

// article names a kind in a message.
func (k nodeKind) article() string {
	return [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}[k]
}

// A node is one value of a configuration file, whatever its language, with the place it stands at.
type node struct {
	kind nodeKind
	pos  Position
	// text is the string's value, or the spelling of a number or boolean ("true").
	text    string
	items   []*node
	members []member
}

// A member is one key of an object, in the order of the file.
type member struct {
	name  string
	pos   Position
	value *node
}

// get gives the member of that name, nil if there is none. The last one counts, as in JSON.
func (n *node) get(name string) *member {
	if n == nil {
		return nil
	}
	for i := len(n.members) - 1; i >= 0; i-- {
		if n.members[i].name == name {
			return &n.members[i]
		}
	}
	return nil
}

// names lists the keys of an object.
func (n *node) names() []string {
	if n == nil {
		return nil
	}
	names := make([]string, len(n.members))
	for i, m := range n.members {
		names[i] = m.name
	}
	return names
}

// json gives the value as compact JSON text, keys in the order of the file.
func (n *node) json() string {
	var b strings.Builder
	n.writeJSON(&b)
	return b.String()
}

func (n *node) writeJSON(b *strings.Builder) {
	switch n.kind {
	case kindNull:
		b.WriteString("null")
	case kindString:
		writeJSONString(b, n.text)
	case kindArray:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.writeJSON(b)
		}
		b.WriteByte(']')
	case kindObject:
		b.WriteByte('{')
		comma := false
		for i := range n.members {
			m := &n.members[i]
			if n.get(m.name) != m {
				continue
			}
			if comma {
				b.WriteByte(',')
			}
			comma = true
			writeJSONString(b, m.name)
			b.WriteByte(':')
			m.value.writeJSON(b)
		}
		b.WriteByte('}')
	default:
		b.WriteString(n.text)
	}
}

func writeJSONString(b *strings.Builder, s string) {
	var quoted strings.Builder
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return
	}
	b.WriteString(strings.TrimSuffix(quoted.String(), "\n"))
}

// at walks a path such as `services[0].entrypoint` and gives the place of what it finds last: a wrong or missing part ends the walk.
func (n *node) at(path string) Position {
	pos := n.pos
	for path != "" && n != nil {
		if rest, ok := strings.CutPrefix(path, "["); ok {
			digits, after, _ := strings.Cut(rest, "]")
			index, err := strconv.Atoi(digits)
			if err != nil || index < 0 || index >= len(n.items) {
				return pos
			}
			n, path = n.items[index], after
		} else {
			path = strings.TrimPrefix(path, ".")
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			m := n.get(path[:end])
			if m == nil {
				return pos
			}
			n, path = m.value, path[end:]
		}
		pos = n.pos
	}
	return pos
}
