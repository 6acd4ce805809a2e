package wrangler

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"time"

	"github.com/BurntSushi/toml"
)

// parseTOML reads a wrangler.toml. The library says whether it is TOML and what it means; where each key stands comes from a second look at the
// text, because the library keeps no places.
func parseTOML(r *report, source []byte) *node {
	var tree map[string]any
	if _, err := toml.Decode(string(source), &tree); err != nil {
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			r.errorf(tomlPosition(source, syntax.Position), "", "%s", syntax.Message)
		} else {
			r.errorf(Position{}, "", "%v", err)
		}
		return nil
	}
	return tomlNode(tree, scanTOML(string(source)))
}

// tomlPosition turns the library's byte offset into a line and a column.
func tomlPosition(source []byte, at toml.Position) Position {
	start := min(max(at.Start, 0), len(source))
	pos := Position{Line: 1, Column: 1}
	for _, c := range source[:start] {
		if c == '\n' {
			pos = Position{Line: pos.Line + 1, Column: 1}
		} else {
			pos.Column++
		}
	}
	return pos
}

// tomlNode joins a decoded value with its places.
func tomlNode(value any, at *tomlPlace) *node {
	n := &node{pos: at.value}
	switch v := value.(type) {
	case map[string]any:
		n.kind = kindObject
		for name, child := range v {
			place := at.child(name)
			n.members = append(n.members, member{name: name, pos: place.key, value: tomlNode(child, place)})
		}
		sort.Slice(n.members, func(i, j int) bool {
			a, b := n.members[i], n.members[j]
			if a.pos != b.pos {
				return a.pos.Line < b.pos.Line || a.pos.Line == b.pos.Line && a.pos.Column < b.pos.Column
			}
			return a.name < b.name
		})
	case []map[string]any:
		n.kind = kindArray
		for i, child := range v {
			n.items = append(n.items, tomlNode(child, at.item(i)))
		}
	case []any:
		n.kind = kindArray
		for i, child := range v {
			n.items = append(n.items, tomlNode(child, at.item(i)))
		}
	case string:
		n.kind, n.text = kindString, v
	case bool:
		n.kind, n.text = kindBool, strconv.FormatBool(v)
	case int64:
		n.kind, n.text = kindNumber, strconv.FormatInt(v, 10)
	case float64:
		// JSON has no inf and nan: they become null, as JSON.stringify makes them.
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			n.kind, n.text = kindNumber, strconv.FormatFloat(v, 'g', -1, 64)
		}
	case time.Time:
		n.kind, n.text = kindString, tomlTime(v)
	default:
		n.kind, n.text = kindString, fmt.Sprint(v)
	}
	return n
}

// tomlTime writes a TOML date or time as the file did: the library marks the local kinds by the name of their zone.
func tomlTime(t time.Time) string {
	switch t.Location().String() {
	case "date-local":
		return t.Format(time.DateOnly)
	case "time-local":
		return t.Format("15:04:05.999999999")
	case "datetime-local":
		return t.Format("2006-01-02T15:04:05.999999999")
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
