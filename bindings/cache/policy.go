package cache

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A plan is what is to become of a response.
type plan struct {
	storable bool
	// lifetime is how long it may be found, from now on; age is how old it is already.
	lifetime, age time.Duration
	header        [][2]string
}

// Statuses that a cache understands, and of these those that need nothing more to be stored.
//
// Spec: RFC 9110, "Overview of Status Codes", https://www.rfc-editor.org/rfc/rfc9110#section-15.1
const (
	understood = " 200 203 204 300 301 302 303 307 308 404 405 410 414 501 "
	heuristic  = " 200 203 204 300 301 308 404 405 410 414 501 "
)

// planOf says whether a response may be stored by a shared cache, and for how long. Cache-Control of the request has no say.
//
// Spec: RFC 9111, "Storing Responses in Caches" and "Freshness", https://www.rfc-editor.org/rfc/rfc9111#section-3
func planOf(request [][2]string, m *message, now time.Time) plan {
	text, hasControl := field(m.header, "cache-control")
	p := plan{header: m.header}
	if strings.Contains(strings.ToLower(text), "private=set-cookie") {
		text = withoutDirective(text, "private=set-cookie")
		p.header = without(without(m.header, "set-cookie"), "cache-control")
		if text != "" {
			p.header = append(p.header, [2]string{"cache-control", text})
		}
	}
	control := parseControl(text)
	if pragma, _ := field(m.header, "pragma"); !hasControl && strings.Contains(strings.ToLower(pragma), "no-cache") {
		control["no-cache"] = ""
	}
	_, hasCookie := field(p.header, "set-cookie")
	p.storable = !hasCookie && storable(request, m, control)
	if !p.storable {
		return p
	}
	date := now
	if value, ok := field(m.header, "date"); ok {
		if parsed, err := http.ParseTime(value); err == nil {
			date = parsed
		}
	}
	value, _ := field(m.header, "age")
	p.age = seconds(value)
	fresh := freshness(m, control, date) - p.age
	p.lifetime = max(fresh, fresh+seconds(control["stale-if-error"]), fresh+seconds(control["stale-while-revalidate"]))
	return p
}

func storable(request [][2]string, m *message, control map[string]string) bool {
	status := " " + strconv.Itoa(m.status) + " "
	has := func(names ...string) bool {
		for _, name := range names {
			if _, ok := control[name]; ok {
				return true
			}
		}
		return false
	}
	if !strings.Contains(understood, status) || has("no-store", "private") {
		return false
	}
	if _, authorized := field(request, "authorization"); authorized && !has("must-revalidate", "public", "s-maxage") {
		return false
	}
	_, expires := field(m.header, "expires")
	return expires || has("max-age", "s-maxage", "public") || strings.Contains(heuristic, status)
}

// freshness is how long a response is fresh from its date on.
func freshness(m *message, control map[string]string, date time.Time) time.Duration {
	if _, ok := control["no-cache"]; ok {
		return 0
	}
	if _, ok := control["proxy-revalidate"]; ok {
		return 0
	}
	for _, name := range []string{"s-maxage", "max-age"} {
		if value, ok := control[name]; ok {
			return seconds(value)
		}
	}
	least := time.Duration(0)
	if _, ok := control["immutable"]; ok {
		least = 24 * time.Hour
	}
	if value, ok := field(m.header, "expires"); ok {
		expires, err := http.ParseTime(value)
		if err != nil || expires.Before(date) {
			return 0
		}
		return max(least, expires.Sub(date))
	}
	if value, ok := field(m.header, "last-modified"); ok {
		if modified, err := http.ParseTime(value); err == nil && modified.Before(date) {
			return max(least, date.Sub(modified)/10)
		}
	}
	return least
}

// maxSeconds is more than any lifetime makes sense.
const maxSeconds = 10 * 365 * 24 * 3600

// seconds reads the number at the start of a text.
func seconds(text string) time.Duration {
	text = strings.TrimSpace(text)
	n := time.Duration(0)
	for i := 0; i < len(text) && '0' <= text[i] && text[i] <= '9'; i++ {
		n = min(n*10+time.Duration(text[i]-'0'), maxSeconds)
	}
	return n * time.Second
}

// parseControl reads Cache-Control: directives in lower case, with their values without quotes.
func parseControl(text string) map[string]string {
	control := make(map[string]string)
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			control[name] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return control
}

func withoutDirective(text, directive string) string {
	var kept []string
	for part := range strings.SplitSeq(text, ",") {
		if !strings.EqualFold(strings.TrimRight(strings.TrimSpace(part), ";"), directive) {
			kept = append(kept, strings.TrimSpace(part))
		}
	}
	return strings.Join(kept, ", ")
}

func without(header [][2]string, name string) [][2]string {
	list := make([][2]string, 0, len(header))
	for _, h := range header {
		if h[0] != name {
			list = append(list, h)
		}
	}
	return list
}
