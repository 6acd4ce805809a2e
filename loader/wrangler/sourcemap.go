package wrangler

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// A StackMapper turns places in bundled code into places in the source. The zero value and nil map nothing. It is safe for concurrent use.
//
// Maps are read at the first error that needs them, and then kept as one entry per line of the bundle; a line's mappings are decoded for each look-up,
// which costs microseconds and only when something failed.
//
// Spec: ECMA-426, Source map format, version 3 without index maps.
type StackMapper struct {
	maps map[string]*sourceMap
	// place matches `NAME:LINE:COLUMN` for the names of maps, also as URLs.
	place *regexp.Regexp
}

// A Location is a place in the source: Line and Column count from 1, the column in UTF-16 code units as V8 does.
type Location struct {
	File         string
	Line, Column int
}

// NewStackMapper makes a mapper of source maps by the names of the modules they belong to, as in Bundle.Maps.
func NewStackMapper(maps map[string][]byte) *StackMapper {
	m := &StackMapper{maps: map[string]*sourceMap{}}
	names := make([]string, 0, len(maps))
	for name, text := range maps {
		m.maps[name] = &sourceMap{text: text}
		names = append(names, regexp.QuoteMeta(name))
	}
	// The longest name first: "a/index.js" before "index.js".
	sort.Slice(names, func(i, j int) bool {
		return len(names[i]) > len(names[j]) || len(names[i]) == len(names[j]) && names[i] < names[j]
	})
	if len(names) > 0 {
		// Under new_module_registry the names of modules are URLs.
		m.place = regexp.MustCompile(`(^|[\s(<"'=@,])(?:file:///bundle/)?(` + strings.Join(names, "|") + `):(\d{1,9}):(\d{1,9})\b`)
	}
	return m
}

// StackMapper gives the mapper of this bundle.
func (b *Bundle) StackMapper() *StackMapper { return NewStackMapper(b.Maps) }

// Map replaces every place of a mapped module in a text, a V8 stack or a message:
//
//	at fetch (index.js:12:7)   →       at fetch (src/index.ts:5:9)
//
// A place the map says nothing about, such as the bundler's own helpers, stays as it is.
func (m *StackMapper) Map(stack string) string {
	if m == nil || m.place == nil || !strings.Contains(stack, ":") {
		return stack
	}
	return m.place.ReplaceAllStringFunc(stack, func(text string) string {
		parts := m.place.FindStringSubmatch(text)
		line, _ := strconv.Atoi(parts[3])
		column, _ := strconv.Atoi(parts[4])
		at, ok := m.Lookup(parts[2], line, column)
		if !ok {
			return text
		}
		return parts[1] + at.File + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
	})
}

// Lookup gives the source of one place of a module; line and column count from 1.
func (m *StackMapper) Lookup(module string, line, column int) (Location, bool) {
	if m == nil || m.maps[module] == nil {
		return Location{}, false
	}
	return m.maps[module].lookup(line-1, column-1)
}

// A sourceMap is one map, read when it is first needed.
type sourceMap struct {
	once     sync.Once
	text     []byte
	sources  []string
	mappings string
	lines    []mappedLine
}

// A mappedLine says where a line's mappings begin and what the running values are there.
type mappedLine struct {
	offset int
	start  segment
}

// A segment maps a place of the generated code; column starts anew on each line, the others run through the whole map.
type segment struct{ column, source, line, sourceColumn int32 }

// read parses the map and finds its lines. A map that is no map has no lines.
func (s *sourceMap) read() {
	var raw struct {
		Version    int       `json:"version"`
		SourceRoot string    `json:"sourceRoot"`
		Sources    []*string `json:"sources"`
		Mappings   string    `json:"mappings"`
	}
	err := json.Unmarshal(s.text, &raw)
	s.text = nil
	if err != nil || raw.Version != 3 {
		return
	}
	for _, source := range raw.Sources {
		if source == nil {
			source = new(string)
		}
		if raw.SourceRoot != "" && *source != "" {
			*source = strings.TrimSuffix(raw.SourceRoot, "/") + "/" + *source
		}
		s.sources = append(s.sources, *source)
	}
	s.mappings = raw.Mappings
	var running segment
	for offset := 0; ; {
		s.lines = append(s.lines, mappedLine{offset, running})
		s.scan(offset, &running, func(segment, bool) bool { return true })
		running.column = 0
		end := strings.IndexByte(s.mappings[offset:], ';')
		if end < 0 {
			return
		}
		offset += end + 1
	}
}

// lookup finds the last segment at or before a place; both numbers count from 0.
func (s *sourceMap) lookup(line, column int) (Location, bool) {
	s.once.Do(s.read)
	if line < 0 || column < 0 || line >= len(s.lines) {
		return Location{}, false
	}
	var best segment
	found := false
	running := s.lines[line].start
	s.scan(s.lines[line].offset, &running, func(at segment, mapped bool) bool {
		if int(at.column) > column {
			return false
		}
		best, found = at, mapped
		return true
	})
	if !found || int(best.source) >= len(s.sources) || best.source < 0 || best.line < 0 || best.sourceColumn < 0 {
		return Location{}, false
	}
	return Location{s.sources[best.source], int(best.line) + 1, int(best.sourceColumn) + 1}, s.sources[best.source] != ""
}

// scan decodes the segments from offset to the end of the line and calls each; mapped is false for a segment without a source. What does not decode
// ends the line.
func (s *sourceMap) scan(offset int, running *segment, each func(at segment, mapped bool) bool) {
	for offset < len(s.mappings) && s.mappings[offset] != ';' {
		if s.mappings[offset] == ',' {
			offset++
			continue
		}
		var fields [5]int32
		count := 0
		for count < len(fields) {
			value, size := vlq(s.mappings[offset:])
			if size == 0 {
				break
			}
			fields[count] = value
			count++
			offset += size
		}
		if count != 1 && count != 4 && count != 5 {
			return
		}
		running.column += fields[0]
		if count > 1 {
			running.source += fields[1]
			running.line += fields[2]
			running.sourceColumn += fields[3]
		}
		if !each(*running, count > 1) {
			return
		}
	}
}

// vlq decodes one base64 variable-length quantity; a size of 0 means there is none.
func vlq(s string) (value int32, size int) {
	var bits uint64
	for shift := 0; size < len(s) && shift <= 30; shift += 5 {
		digit := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", s[size])
		if digit < 0 {
			return 0, 0
		}
		size++
		bits |= uint64(digit&31) << shift
		if digit&32 == 0 {
			magnitude := int32(bits >> 1 & 0x7fffffff)
			if bits&1 != 0 {
				return -magnitude, size
			}
			return magnitude, size
		}
	}
	return 0, 0
}

// rebaseMap makes the sources of a map relative to another folder.
func rebaseMap(text []byte, from, to string) ([]byte, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	var root string
	var sources []string
	if raw["sourceRoot"] != nil && json.Unmarshal(raw["sourceRoot"], &root) != nil || json.Unmarshal(raw["sources"], &sources) != nil {
		return nil, errors.New("not a source map")
	}
	for i, source := range sources {
		if strings.Contains(source, "://") || strings.Contains(root, "://") {
			continue
		}
		if relative, err := filepath.Rel(to, filepath.Join(from, filepath.FromSlash(root), filepath.FromSlash(source))); err == nil {
			sources[i] = filepath.ToSlash(relative)
		}
	}
	delete(raw, "sourceRoot")
	moved, err := json.Marshal(sources)
	if err != nil {
		return nil, err
	}
	raw["sources"] = moved
	return json.Marshal(raw)
}
