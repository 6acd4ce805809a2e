package loadertest

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"
)

// areas sort the fixtures of the reference runtime by what they are about: the first row that matches the path counts.
var areas = []struct {
	area    string
	pattern *regexp.Regexp
}{
	{"python", regexp.MustCompile(`/python/`)},
	{"node", regexp.MustCompile(`/node/|^buffer-|^als-|stdio`)},
	{"products", regexp.MustCompile(`^cloudflare/|analytics-engine|container`)},
	{"loader", regexp.MustCompile(`^worker-loader`)},
	{"rpc", regexp.MustCompile(`^js-?rpc|^rpc-|persistent-stubs|deserialize-hardening|error-deser|struct-prototype|wrapped-binding`)},
	{"tail", regexp.MustCompile(`tail|^stw-|errorinfo|instrumentation|self-logger|tracing`)},
	{"actors", regexp.MustCompile(`^actor-|^sql-|sync-kv|delete-all|stub-storage|durable`)},
	{"sockets", regexp.MustCompile(`^connect-|socket|starttls`)},
	{"storage", regexp.MustCompile(`^cache|^kv-|^r2-|^queue-|memory-cache`)},
	{"modules", regexp.MustCompile(`module|importable|extensions|unsafe-`)},
	{"streams", regexp.MustCompile(`stream|^pipe-|byob|compression|ts-web`)},
	{"crypto", regexp.MustCompile(`crypto`)},
	{"workers", regexp.MustCompile(`^worker-test|^ctx-|global-scope|compat-flag|^autogate|^abortIsolate|scheduler|settimeout|reporterror|unhandled|request-signal|warnings|leak-|cross-context|structured-logging`)},
	{"http", regexp.MustCompile(`http|fetch|^request-|^response-|headers|form-data|^cf-|navigator-beacon|eventsource|websocket`)},
	{"io", regexp.MustCompile(`^io/`)},
}

// Area says what a fixture of the reference runtime is about, by its path below the folder src, without extension: "rpc", "streams", …; "web" if
// nothing else fits.
func Area(name string) string {
	below := strings.TrimPrefix(name, "workerd/")
	base := path.Base(name)
	for _, a := range areas {
		if a.pattern.MatchString(below) || a.pattern.MatchString(base) {
			return a.area
		}
	}
	return "web"
}

// Counts are how many fixtures have passed, failed, and been skipped for something that dynos does not have.
type Counts struct{ Pass, Fail, Skip int }

// Add counts an entry of the list of expectations: "pass", "skip: …" or another reason.
func (c *Counts) Add(entry string) {
	switch {
	case entry == "pass":
		c.Pass++
	case strings.HasPrefix(entry, "skip: "):
		c.Skip++
	default:
		c.Fail++
	}
}

var comment = regexp.MustCompile(`(?m)^\s*//.*$`)

// ParseExpected reads a list of expectations: a JSON object of entries as Counts knows them, by the paths that Area takes. Lines may be comments.
func ParseExpected(text []byte) (map[string]string, error) {
	var list map[string]string
	err := json.Unmarshal(comment.ReplaceAll(text, nil), &list)
	return list, err
}

// ByArea counts a list of expectations.
func ByArea(list map[string]string) map[string]Counts {
	rows := map[string]Counts{}
	for name, entry := range list {
		c := rows[Area(name)]
		c.Add(entry)
		rows[Area(name)] = c
	}
	return rows
}
