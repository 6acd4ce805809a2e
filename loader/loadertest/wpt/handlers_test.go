package wpt

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"
)

// handlerTable has the handlers of the suites by their names, or by their whole path where a name means several.
func (s *site) handlerTable() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"authentication.py":         authentication,
		"bad-chunk-encoding.py":     badChunk,
		"clean-stash.py":            s.cleanStash,
		"echo-content.h2.py":        echoContent,
		"echo-content.py":           echoContent,
		"echo-headers.py":           echoHeaders,
		"infinite-slow-response.py": s.endless,
		"inspect-headers.py":        inspectHeaders,
		"method.py":                 method,
		"network-partition-key.py":  s.partitionKey,
		"parse-headers.py":          parseHeaders,
		"preflight.py":              s.preflight,
		"redirect-empty-location.py": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "")
			w.WriteHeader(http.StatusFound)
		},
		"redirect.h2.py":        s.redirect,
		"redirect.py":           s.redirect,
		"script-with-header.py": script,
		"slow.py":               slow,
		"stash-put.py":          s.stashPut,
		"stash-take.py":         s.stashTake,
		"status.py":             status,
		"trickle.py":            trickle,

		"/common/redirect.py":                   commonRedirect,
		"/fetch/api/resources/cache.py":         conditional,
		"/fetch/api/request/resources/cache.py": s.cache,

		"cors-cookie.py":      corsCookie,
		"cors.py":             s.cors,
		"last-event-id.py":    lastEventID,
		"last-event-id2.py":   lastEventID2,
		"message.py":          message,
		"message2.py":         message2,
		"reconnect-fail.py":   reconnectFail,
		"status-error.py":     statusError,
		"status-reconnect.py": statusReconnect,
	}
}

func plain(w http.ResponseWriter) { w.Header().Set("Content-Type", "text/plain") }

// orNo is a header of the request, or "NO". Go keeps the length elsewhere.
func orNo(r *http.Request, name string) string {
	text := r.Header.Get(name)
	if name == "Content-Length" && text == "" && (r.ContentLength > 0 || r.ContentLength == 0 && r.Method != "GET" && r.Method != "HEAD" && len(r.TransferEncoding) == 0) {
		text = strconv.FormatInt(r.ContentLength, 10)
	}
	if text == "" {
		return "NO"
	}
	return text
}

func number(r *http.Request, name string, otherwise int) int {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil {
		return n
	}
	return otherwise
}

func millis(r *http.Request, name string, otherwise int) time.Duration {
	return time.Duration(number(r, name, otherwise)) * time.Millisecond
}

// pause delays an answer as long as a test asks for, or until nobody waits for it.
func pause(r *http.Request, d time.Duration) {
	select {
	case <-r.Context().Done():
	case <-time.After(d):
	}
}

func orElse(r *http.Request, name, otherwise string) string {
	if q := r.URL.Query(); q.Has(name) {
		return q.Get(name)
	}
	return otherwise
}

func authentication(w http.ResponseWriter, r *http.Request) {
	if user, password, _ := r.BasicAuth(); user == "user" && password == "password" {
		fmt.Fprint(w, "Authentication done")
		return
	}
	w.Header().Set("WWW-Authenticate", fmt.Sprintf("Basic realm=%q", orElse(r, "realm", "test")))
	w.WriteHeader(http.StatusUnauthorized)
	fmt.Fprint(w, "Please login with credentials 'user' and 'password'")
}

func badChunk(w http.ResponseWriter, r *http.Request) {
	conn, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = buffer.WriteString("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
	for range number(r, "count", 50) {
		_, _ = buffer.WriteString("a\r\nTEST_CHUNK\r\n")
		_ = buffer.Flush()
		pause(r, millis(r, "ms", 1000))
	}
	_, _ = buffer.WriteString("garbage")
	_ = buffer.Flush()
}

func (s *site) cleanStash(w http.ResponseWriter, r *http.Request) {
	if s.take(r.URL.Query().Get("token")) != nil {
		fmt.Fprint(w, "1")
	} else {
		fmt.Fprint(w, "0")
	}
}

func echoContent(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Request-Method", r.Method)
	w.Header().Set("X-Request-Content-Length", orNo(r, "Content-Length"))
	w.Header().Set("X-Request-Content-Type", orNo(r, "Content-Type"))
	plain(w)
	body, _ := io.ReadAll(r.Body) // whole: the server drops what is not read when the answer begins
	_, _ = w.Write(body)
}

func echoHeaders(w http.ResponseWriter, r *http.Request) {
	plain(w)
	fmt.Fprintf(w, "Host: %s\n", r.Host)
	_ = r.Header.Write(w)
}

func (s *site) endless(w http.ResponseWriter, r *http.Request) {
	state, abort := r.URL.Query().Get("stateKey"), r.URL.Query().Get("abortKey")
	dir := r.URL.Path[:strings.LastIndexByte(r.URL.Path, '/')+1]
	if state != "" {
		s.put(dir+state, "open")
		defer s.put(dir+state, "closed")
	}
	plain(w)
	_, err := io.WriteString(w, strings.Repeat(".", 2048))
	for err == nil && r.Context().Err() == nil {
		w.(http.Flusher).Flush()
		pause(r, 10*time.Millisecond)
		if abort != "" && s.take(dir+abort) != nil {
			return
		}
		_, err = io.WriteString(w, ".")
	}
}

func inspectHeaders(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	checked := strings.Split(q.Get("headers"), "|")
	for _, name := range checked {
		value := strings.Join(r.Header.Values(name), ", ")
		switch {
		case strings.EqualFold(name, "Host"):
			value = r.Host
		case strings.EqualFold(name, "Content-Length") && r.ContentLength >= 0:
			value = orNo(r, "Content-Length")
		}
		if value != "" || len(r.Header.Values(name)) > 0 {
			w.Header().Set("x-request-"+name, value)
		}
	}
	if q.Has("cors") {
		allow := w.Header()
		allow.Set("Access-Control-Allow-Origin", "*")
		if origin := r.Header.Get("Origin"); origin != "" {
			allow.Set("Access-Control-Allow-Origin", origin)
		}
		allow.Set("Access-Control-Allow-Credentials", "true")
		allow.Set("Access-Control-Allow-Methods", "GET, POST, HEAD")
		allow.Set("Access-Control-Expose-Headers", "x-request-"+strings.Join(checked, ", x-request-"))
		allow.Set("Access-Control-Allow-Headers", orElse(r, "allow_headers", strings.Join(names(r.Header), ", ")))
	}
	plain(w)
}

func names(header http.Header) (list []string) {
	for name := range header {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}

func method(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("cors") {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PUT, FOO")
		w.Header().Set("Access-Control-Allow-Headers", "x-test, x-foo")
		w.Header().Set("Access-Control-Expose-Headers", "x-request-method")
	}
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("x-request-method", r.Method)
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Content-Location"} {
		w.Header().Set("x-request-"+name, orNo(r, name))
	}
	_, _ = w.Write(body)
}

// partitionKey says over which partition a request came, which is only told apart by browsers: it answers as for one of them.
func (s *site) partitionKey(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" {
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
	plain(w)
	fmt.Fprint(w, "ok")
}

func parseHeaders(w http.ResponseWriter, r *http.Request) {
	raw(w, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\nmy-custom-header: "+r.URL.Query().Get("my-custom-header")+"\r\n\r\nok\n")
}

func script(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", r.URL.Query().Get("mime"))
	if r.URL.Query().Get("content") != "empty" {
		fmt.Fprint(w, "console.log('Script loaded')")
	}
}

func slow(_ http.ResponseWriter, r *http.Request) { pause(r, millis(r, "delay", 2000)) }

func (s *site) stashPut(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if r.Method == http.MethodOptions {
		w.Header().Set("Access-Control-Allow-Methods", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
	} else {
		dir := r.URL.Path[:strings.LastIndexByte(r.URL.Path, '/')+1]
		s.put(dir+r.URL.Query().Get("key"), r.URL.Query().Get("value"))
	}
	fmt.Fprint(w, "done")
}

func (s *site) stashTake(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Content-Type", "application/json")
	dir := r.URL.Path[:strings.LastIndexByte(r.URL.Path, '/')+1]
	_ = json.NewEncoder(w).Encode(s.take(dir + r.URL.Query().Get("key")))
}

func status(w http.ResponseWriter, r *http.Request) {
	code := number(r, "code", http.StatusOK)
	content := r.URL.Query().Get("content")
	length := fmt.Sprintf("Content-Length: %d\r\n", len(content))
	if code == http.StatusNoContent || code == http.StatusNotModified || code < 200 {
		length = ""
	}
	if r.Method == http.MethodHead || length == "" {
		content = ""
	}
	// The status text is the test's.
	raw(w, fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nX-Request-Method: %s\r\n%sConnection: close\r\n\r\n%s",
		code, orElse(r, "text", "OMG"), r.URL.Query().Get("type"), r.Method, length, content))
}

func trickle(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	delay := millis(r, "ms", 500)
	pause(r, delay)
	if r.URL.Query().Has("notype") {
		w.Header()["Content-Type"] = nil
	} else {
		plain(w)
	}
	w.(http.Flusher).Flush()
	for range number(r, "count", 50) {
		pause(r, delay)
		fmt.Fprint(w, "TEST_TRICKLE\n")
		w.(http.Flusher).Flush()
	}
}

func commonRedirect(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", r.URL.Query().Get("location"))
	w.WriteHeader(number(r, "status", http.StatusFound))
}

func conditional(w http.ResponseWriter, r *http.Request) {
	const tag = `"123abc"`
	if r.Header.Get("If-None-Match") == tag {
		w.Header().Set("X-HTTP-STATUS", "304")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("ETag", tag)
	plain(w)
	fmt.Fprint(w, "lorem ipsum dolor sit amet")
}

// withQuery appends parameters to a URL.
func withQuery(location string, q url.Values, more string) string {
	separator := "?"
	if strings.Contains(location, "?") {
		separator = "&"
	}
	return location + separator + q.Encode() + more
}
