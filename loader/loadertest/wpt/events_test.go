package wpt

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// The handlers of eventsource/resources.

func events(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, text)
}

func corsCookie(w http.ResponseWriter, r *http.Request) {
	id, cookie := orElse(r, "ident", "test"), "NO_COOKIE"
	if _, err := r.Cookie(id); err == nil {
		cookie = "COOKIE"
	}
	if origin := orElse(r, "origin", r.Header.Get("Origin")); origin != "none" {
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
	if credentials := orElse(r, "credentials", "true"); credentials != "none" {
		w.Header().Set("Access-Control-Allow-Credentials", credentials)
	}
	switch last := r.Header.Get("Last-Event-Id"); last {
	case "":
		http.SetCookie(w, &http.Cookie{Name: id, Value: "COOKIE"})
		events(w, "id: 1\nretry: 200\ndata: first "+cookie+"\n\n")
	case "1":
		http.SetCookie(w, &http.Cookie{Name: id, MaxAge: -1})
		events(w, "id: 2\ndata: second "+cookie+"\n\n")
	default:
		w.Header().Set("Content-Type", "stop")
		fmt.Fprint(w, "data: "+last+cookie+"\n\n")
	}
}

func (s *site) cors(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", orElse(r, "origin", r.Header.Get("Origin")))
	w.Header().Set("Access-Control-Allow-Credentials", orElse(r, "credentials", "true"))
	switch r.URL.Query().Get("run") {
	case "status-reconnect":
		statusReconnect(w, r)
	case "message":
		message(w, r)
	case "redirect":
		commonRedirect(w, r)
	case "cache-control":
		r.URL.RawQuery = "pipe=sub"
		s.serveFile(w, r, "/eventsource/resources/cache-control.event_stream")
	}
}

func lastEventID(w http.ResponseWriter, r *http.Request) {
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		events(w, "data: "+last+"\n\n")
		return
	}
	events(w, "id: "+orElse(r, "idvalue", "\u2026")+"\nretry: 200\ndata: hello\n\n")
}

func lastEventID2(w http.ResponseWriter, r *http.Request) {
	switch number(r, "type", 1) {
	case 1:
		events(w, "id: 1\ndata: 1\n\ndata: 2\n\nid: 2\ndata:3\n\ndata:4\n\n")
	case 2:
		events(w, "id: 1\ndata: 1\n\nid:\ndata:2\n\ndata:3\n\n")
	case 3:
		events(w, "id: 1\ndata: 1\n\nid\ndata:2\n\ndata:3\n\n")
	default:
		events(w, "data: invalid_test\n\n")
	}
}

func message(w http.ResponseWriter, r *http.Request) {
	newline := "\n\n"
	if r.URL.Query().Get("newline") == "none" {
		newline = ""
	}
	pause(r, millis(r, "sleep", 0))
	w.Header().Set("Content-Type", orElse(r, "mime", "text/event-stream"))
	fmt.Fprint(w, orElse(r, "message", "data: data")+newline+"\n")
}

func message2(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	for r.Context().Err() == nil {
		events(w, "data:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n")
		w.(http.Flusher).Flush()
		pause(r, 2*time.Second)
	}
}

func reconnectFail(w http.ResponseWriter, r *http.Request) {
	name, state := "recon_fail_"+r.URL.Query().Get("id"), ""
	if cookie, err := r.Cookie(name); err == nil {
		state = cookie.Value
	}
	switch state {
	case "opened":
		http.SetCookie(w, &http.Cookie{Name: name, Value: "reconnected"})
		events(w, "data: reconnected\n\n")
	case "reconnected":
		http.SetCookie(w, &http.Cookie{Name: name, MaxAge: -1})
		w.WriteHeader(http.StatusNoContent)
	default:
		http.SetCookie(w, &http.Cookie{Name: name, Value: "opened"})
		events(w, "retry: 2\ndata: opened\n\n")
	}
}

func statusError(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	code := number(r, "status", http.StatusNotFound)
	w.WriteHeader(code)
	if code != http.StatusNoContent && code != http.StatusResetContent {
		fmt.Fprint(w, "data: data\n\n")
	}
}

func statusReconnect(w http.ResponseWriter, r *http.Request) {
	code := number(r, "status", http.StatusNoContent)
	name := "request" + orElse(r, "id", fmt.Sprint(code))
	w.Header().Set("Content-Type", "text/event-stream")
	if cookie, err := r.Cookie(name); err == nil && cookie.Value == fmt.Sprint(code) {
		http.SetCookie(w, &http.Cookie{Name: name, MaxAge: -1})
		fmt.Fprint(w, "data: data\n\n")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: name, Value: fmt.Sprint(code)})
	w.WriteHeader(code)
	if code != http.StatusNoContent {
		_, _ = io.WriteString(w, "retry: 2\n"+strings.Repeat("data: ok\n\n", map[bool]int{true: 1}[r.URL.Query().Has("ok_first")]))
	}
}
