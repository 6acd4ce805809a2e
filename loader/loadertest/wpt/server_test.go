package wpt

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// A site serves a checkout as its own server would: the files with the headers that stand beside them, and in Go what handlers
// in Python do there, as far as the suites ask for them.
type site struct {
	root     string
	first    *httptest.Server
	second   *httptest.Server // another origin
	secure   *httptest.Server // with a certificate that nobody trusts
	handlers map[string]http.HandlerFunc
	replacer *strings.Replacer

	mu    sync.Mutex
	stash map[string]any
}

func newSite(root string) *site {
	s := &site{root: root, stash: map[string]any{}}
	s.handlers = s.handlerTable()
	s.first, s.second, s.secure = httptest.NewServer(s), httptest.NewServer(s), httptest.NewTLSServer(s)
	s.replacer = strings.NewReplacer(
		"{{host}}", "localhost", "{{domains[www]}}", "127.0.0.1", "{{domains[www2]}}", "127.0.0.1", "{{hosts[alt][]}}", "127.0.0.1",
		"{{ports[http][0]}}", portOf(s.first), "{{ports[http][1]}}", portOf(s.second), "{{ports[ws][0]}}", portOf(s.first),
		"{{ports[https][0]}}", portOf(s.secure), "{{ports[https][1]}}", portOf(s.secure), "{{ports[wss][0]}}", portOf(s.secure),
		"{{ports[h2][0]}}", portOf(s.secure),
	)
	return s
}

func portOf(server *httptest.Server) string {
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	return port
}

func (s *site) close() {
	for _, server := range []*httptest.Server{s.first, s.second, s.secure} {
		server.CloseClientConnections()
		server.Close()
	}
}

// url is the site's own address of a path.
func (s *site) url(name string) string { return "http://localhost:" + portOf(s.first) + "/" + name }

// substitute writes what is only known here into a text with placeholders.
func (s *site) substitute(text string) string { return s.replacer.Replace(text) }

// aliases are paths that the server of the suites gives to files elsewhere.
var aliases = map[string]string{"/resources/WebIDLParser.js": "/resources/webidl2/lib/webidl2.js"}

// find returns where the file of a path is.
func (s *site) find(name string) string {
	name = path.Clean("/" + name)
	if other := aliases[name]; other != "" {
		name = other
	}
	return filepath.Join(s.root, filepath.FromSlash(name))
}

// ServeHTTP answers with a handler by its path, or by its name alone for those that exist once, or with a file.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := path.Clean(r.URL.Path)
	if name != r.URL.Path && !strings.HasSuffix(r.URL.Path, "/") {
		r.URL.Path = name
	}
	for _, key := range []string{name, path.Base(name)} {
		if h := s.handlers[key]; h != nil {
			h(w, r)
			return
		}
	}
	s.serveFile(w, r, name)
}

var types = map[string]string{
	".js": "text/javascript", ".json": "application/json", ".html": "text/html", ".txt": "text/plain", ".png": "image/png",
	".wasm": "application/wasm", ".event_stream": "text/event-stream",
}

func (s *site) serveFile(w http.ResponseWriter, r *http.Request, name string) {
	data, err := os.ReadFile(s.find(name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if strings.HasSuffix(name, ".asis") {
		raw(w, string(data))
		return
	}
	if t := types[path.Ext(name)]; t != "" {
		w.Header().Set("Content-Type", t)
	}
	if lines, err := os.ReadFile(s.find(name) + ".headers"); err == nil {
		for line := range strings.Lines(string(lines)) {
			if name, value, ok := strings.Cut(line, ":"); ok {
				w.Header().Set(strings.TrimSpace(name), strings.TrimSpace(value))
			}
		}
	}
	code := http.StatusOK
	for _, step := range strings.Split(r.URL.Query().Get("pipe"), "|") {
		call, args, _ := strings.Cut(strings.TrimSuffix(step, ")"), "(")
		switch call {
		case "status":
			code, _ = strconv.Atoi(args)
		case "header":
			pipeHeader(w.Header(), args)
		case "sub":
			data = []byte(s.substitute(string(data)))
		}
	}
	w.WriteHeader(code)
	_, _ = w.Write(data)
}

// pipeHeader does what "header(name,value,append)" says.
func pipeHeader(header http.Header, args string) {
	args = strings.ReplaceAll(args, `\,`, "\x00")
	parts := strings.Split(args, ",")
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], "\x00", ",")
	}
	switch {
	case len(parts) == 2:
		header.Set(parts[0], parts[1])
	case len(parts) == 3 && parts[2] != "False":
		header.Add(parts[0], parts[1])
	}
}

// raw answers with bytes as they are, and ends the connection.
func raw(w http.ResponseWriter, text string) {
	conn, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = buffer.WriteString(text)
	_ = buffer.Flush()
	_ = conn.Close()
}

// take removes what is kept under a key.
func (s *site) take(key string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	value := s.stash[key]
	delete(s.stash, key)
	return value
}

func (s *site) put(key string, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stash[key] = value
}
