package loadertest

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/dynos-run/dynos/loader"
)

// A Filter chooses tests. The zero value chooses all.
type Filter struct {
	// Const is the name of the configuration in a file with several.
	Const string

	service, entrypoint *regexp.Regexp
}

// ParseFilter reads "SERVICE", "SERVICE:ENTRYPOINT" or "CONST:SERVICE:ENTRYPOINT". SERVICE and ENTRYPOINT are patterns, in which * stands for
// any text and ? for one character.
//
// Errors: there are more colons.
func ParseFilter(text string) (Filter, error) {
	parts := strings.Split(text, ":")
	var f Filter
	switch len(parts) {
	case 1:
		parts = append(parts, "*")
	case 2:
	case 3:
		f.Const, parts = parts[0], parts[1:]
	default:
		return f, fmt.Errorf("too many colons in %q: a filter is SERVICE, SERVICE:ENTRYPOINT or CONST:SERVICE:ENTRYPOINT", text)
	}
	f.service, f.entrypoint = globPattern(parts[0]), globPattern(parts[1])
	return f, nil
}

func globPattern(glob string) *regexp.Regexp {
	return regexp.MustCompile("(?s)^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(glob)) + "$")
}

// match says whether the filter chooses a test.
func (f *Filter) match(t loader.Test) bool {
	return f.service == nil || f.service.MatchString(t.Worker) && f.entrypoint.MatchString(t.Entrypoint)
}
