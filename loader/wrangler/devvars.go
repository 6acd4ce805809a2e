package wrangler

import (
	"regexp"
	"strings"
)

// A dotenvPair is one line of a .dev.vars or .env file.
type dotenvPair struct {
	name, value string
	pos         Position
}

// The line grammar of the dotenv package, as people's files rely on it: a value may be quoted in three ways and then runs over lines, a comment
// starts at # outside of quotes, and what is no assignment is passed over.
var dotenvLine = regexp.MustCompile("(?m)^\\s*(?:export\\s+)?([\\w.-]+)(?:\\s*=\\s*?|:\\s+?)" +
	"(\\s*'(?:\\\\'|[^'])*'|\\s*\"(?:\\\\\"|[^\"])*\"|\\s*`(?:\\\\`|[^`])*`|[^#\\r\\n]+)?\\s*(?:#.*)?$")

// parseDotenv reads a .dev.vars or .env file: the pairs in the order of the file, and the places of lines that are neither pair, comment nor blank.
func parseDotenv(source string) (pairs []dotenvPair, odd []Position) {
	source = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(source, "\uFEFF"))
	lines := lineCounter{source: source, line: 1}
	done := 0
	for _, at := range dotenvLine.FindAllStringSubmatchIndex(source, -1) {
		odd = append(odd, lines.odd(done, at[0])...)
		done = at[1]
		pair := dotenvPair{name: source[at[2]:at[3]], pos: lines.pos(at[2])}
		if at[4] >= 0 {
			pair.value = dotenvValue(source[at[4]:at[5]])
		}
		pairs = append(pairs, pair)
	}
	return pairs, append(odd, lines.odd(done, len(source))...)
}

// dotenvValue takes the quotes off; only double quotes know \n and \r.
func dotenvValue(spelling string) string {
	value := strings.TrimSpace(spelling)
	if len(value) < 2 {
		return value
	}
	quote := value[0]
	if strings.IndexByte("'\"`", quote) < 0 || value[len(value)-1] != quote {
		return value
	}
	value = value[1 : len(value)-1]
	if quote == '"' {
		value = strings.ReplaceAll(value, `\n`, "\n")
		value = strings.ReplaceAll(value, `\r`, "\r")
	}
	return value
}

// A lineCounter turns growing offsets into places.
type lineCounter struct {
	source          string
	at, line, start int
}

func (l *lineCounter) pos(offset int) Position {
	for ; l.at < offset; l.at++ {
		if l.source[l.at] == '\n' {
			l.line++
			l.start = l.at + 1
		}
	}
	return Position{Line: l.line, Column: offset - l.start + 1}
}

// odd gives the places of lines between two offsets that hold something else than a comment.
func (l *lineCounter) odd(from, to int) []Position {
	var places []Position
	for _, line := range strings.SplitAfter(l.source[from:to], "\n") {
		text := strings.TrimSpace(line)
		if text != "" && text[0] != '#' {
			places = append(places, l.pos(from+strings.Index(line, text)))
		}
		from += len(line)
	}
	return places
}

// expandDotenv replaces $NAME, ${NAME} and ${NAME:-default} in the values of .env files by variables of the same files; \$ is a dollar sign. A name
// that is not there gives the default or nothing, and so does one that leads back to itself.
func expandDotenv(pairs []dotenvPair) {
	e := dotenvExpander{values: map[string]string{}, done: map[string]string{}}
	for _, p := range pairs {
		e.values[p.name] = p.value
	}
	for i := range pairs {
		pairs[i].value = e.get(pairs[i].name)
	}
}

var dotenvReference = regexp.MustCompile(`\\\$|\$\{([A-Za-z_][\w.]*)(?::?-([^}]*))?\}|\$([A-Za-z_]\w*)`)

// maxExpanded bounds a value in bytes: variables that double each other would grow without end.
const maxExpanded = 1 << 20

type dotenvExpander struct {
	values, done map[string]string
}

func (e *dotenvExpander) get(name string) string {
	if value, ok := e.done[name]; ok {
		return value
	}
	// While a name is being worked out it reads as empty, which ends circles.
	e.done[name] = ""
	size := 0
	value := dotenvReference.ReplaceAllStringFunc(e.values[name], func(reference string) string {
		if reference == `\$` {
			return "$"
		}
		parts := dotenvReference.FindStringSubmatch(reference)
		found := e.get(parts[1] + parts[3])
		if found == "" {
			found = parts[2]
		}
		if size += len(found); size > maxExpanded {
			return ""
		}
		return found
	})
	e.done[name] = value
	return value
}
