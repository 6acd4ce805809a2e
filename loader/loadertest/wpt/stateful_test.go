package wpt

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// A flight is what preflight.py and redirect.py know of a token.
type flight struct {
	count             int
	preflighted       string // "0" or "1"
	referrer          string
	agent             string
	controlled        string
	controlledMissing bool
}

func (s *site) flightOf(token string) flight {
	if f, ok := s.take(token).(flight); ok && token != "" {
		return f
	}
	return flight{preflighted: "0"}
}

func (s *site) preflight(w http.ResponseWriter, r *http.Request) {
	q, header := r.URL.Query(), w.Header()
	token := q.Get("token")
	plain(w)
	header["Access-Control-Allow-Origin"] = strings.Split(orElse(r, "origin", "*"), ", ")
	if q.Has("clear-stash") {
		s.cleanStash(w, r)
		return
	}
	if q.Has("credentials") {
		header.Set("Access-Control-Allow-Credentials", "true")
	}
	if r.Method == http.MethodOptions {
		s.answerPreflight(w, r, token)
		return
	}
	f := s.flightOf(token)
	if q.Has("checkUserAgentHeaderInPreflight") && r.UserAgent() != f.agent {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, "ERROR: No user-agent header in preflight")
		return
	}
	header.Set("Access-Control-Expose-Headers", "x-did-preflight, x-control-request-headers, x-referrer, x-preflight-referrer, x-origin")
	header.Set("x-did-preflight", f.preflighted)
	if !f.controlledMissing {
		header.Set("x-control-request-headers", f.controlled)
	}
	header.Set("x-preflight-referrer", f.referrer)
	header.Set("x-referrer", r.Referer())
	header.Set("x-origin", r.Header.Get("Origin"))
	if token != "" {
		s.put(token, f)
	}
}

func (s *site) answerPreflight(w http.ResponseWriter, r *http.Request, token string) {
	if r.Header.Get("Access-Control-Request-Method") == "" || r.Header.Get("Accept") != "*/*" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	q := r.URL.Query()
	f := flight{preflighted: "1", referrer: r.Referer(), agent: r.UserAgent()}
	if q.Has("control_request_headers") {
		asked := r.Header.Values("Access-Control-Request-Headers")
		f.controlled, f.controlledMissing = strings.Join(asked, ", "), len(asked) == 0
	}
	for name, header := range map[string]string{
		"max_age": "Access-Control-Max-Age", "allow_headers": "Access-Control-Allow-Headers", "allow_methods": "Access-Control-Allow-Methods",
	} {
		if q.Has(name) {
			w.Header().Set(header, q.Get(name))
		}
	}
	if token != "" {
		s.put(token, f)
	}
	w.WriteHeader(number(r, "preflight_status", http.StatusOK))
}

// redirect sends on to the location of its query, with its own query, and counts by a token.
func (s *site) redirect(w http.ResponseWriter, r *http.Request) {
	q, header := r.URL.Query(), w.Header()
	plain(w)
	header.Set("Cache-Control", "no-cache")
	header.Set("Pragma", "no-cache")
	header.Set("Access-Control-Allow-Origin", "*")
	if origin := r.Header.Get("Origin"); origin != "" {
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Allow-Credentials", "true")
	}
	token := q.Get("token")
	f := s.flightOf(token)
	if r.Method == http.MethodOptions {
		if q.Has("allow_headers") {
			header.Set("Access-Control-Allow-Headers", q.Get("allow_headers"))
		}
		f.preflighted = "1"
		if !q.Has("redirect_preflight") {
			s.put(token, f)
			return
		}
	}
	f.count++
	if q.Has("location") {
		location := q.Get("location")
		scheme, _, found := strings.Cut(location, ":")
		if !q.Has("simple") && (!found || strings.ContainsAny(scheme, "/?#.") || scheme == "http" || scheme == "https") {
			location = withQuery(location, q, "&count="+strconv.Itoa(f.count))
		}
		header.Set("Location", location)
	}
	if q.Has("redirect_referrerpolicy") {
		header.Set("Referrer-Policy", q.Get("redirect_referrerpolicy"))
	}
	pause(r, millis(r, "delay", 0))
	if token != "" {
		s.put(token, f)
		if limit, err := strconv.Atoi(q.Get("max_count")); err == nil && f.count > limit {
			header.Del("Location")
			fmt.Fprint(w, f.count-1) // the last is no redirection
			return
		}
	}
	w.WriteHeader(number(r, "redirect_status", http.StatusFound))
}

// cache answers as its query says, and keeps which conditions the requests of a token had.
func (s *site) cache(w http.ResponseWriter, r *http.Request) {
	q, header := r.URL.Query(), w.Header()
	token := q.Get("token")
	state, _ := s.take(token).([]map[string]string)
	if q.Has("querystate") {
		plain(w)
		_ = json.NewEncoder(w).Encode(state)
		return
	}
	asked := map[string]string{}
	for _, name := range []string{"If-None-Match", "If-Modified-Since", "Pragma", "Cache-Control"} {
		if value := r.Header.Get(name); value != "" && !q.Has("ignore") {
			asked[name] = value
		}
	}
	s.put(token, append(state, asked))
	tag, date := "", q.Get("date")
	if q.Get("tag") != "" {
		tag = `"` + q.Get("tag") + `"`
		header.Set("ETag", tag)
	} else if date != "" {
		header.Set("Last-Modified", date)
	}
	for name, to := range map[string]string{"expires": "Expires", "vary": "Vary", "cache_control": "Cache-Control"} {
		if q.Get(name) != "" {
			header.Set(to, q.Get(name))
		}
	}
	header.Set("Access-Control-Allow-Origin", "*")
	noneMatch, since := r.Header.Values("If-None-Match"), r.Header.Values("If-Modified-Since")
	switch {
	case q.Get("redirect") != "":
		header.Set("Location", q.Get("redirect"))
		w.WriteHeader(http.StatusFound)
	case len(noneMatch) > 0 && noneMatch[0] == tag, len(since) > 0 && since[0] == date:
		w.WriteHeader(http.StatusNotModified)
	default:
		plain(w)
		fmt.Fprint(w, q.Get("content"))
	}
}
