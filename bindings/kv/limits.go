package kv

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits of the platform.
const (
	maxKey        = 512      // bytes
	maxValue      = 25 << 20 // bytes, also of all values of a bulk get
	maxMetadata   = 1024     // bytes of JSON
	maxList       = 1000     // keys
	maxBulk       = 100      // keys
	minCacheTTL   = 30       // seconds
	minExpiration = 60       // seconds
)

// A refusal is an answer that is no success. Workers see its message.
type refusal struct {
	status  int
	message string
}

// Error implements error.
func (r *refusal) Error() string { return r.message }

func badRequest(format string, args ...any) error {
	return &refusal{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// A query holds the parameters of a URL.
type query map[string]string

func (q query) text(name string) *string {
	if value, ok := q[name]; ok {
		return &value
	}
	return nil
}

// parseQuery keeps the first of parameters with one name.
func parseQuery(text string) query {
	q := query{}
	for text != "" {
		var part string
		part, text, _ = strings.Cut(text, "&")
		name, value, _ := strings.Cut(part, "=")
		if _, twice := q[name]; twice || part == "" {
			continue
		}
		if decoded, err := url.QueryUnescape(value); err == nil {
			value = decoded
		}
		q[name] = value
	}
	return q
}

// withoutHost takes scheme and host from a URL.
func withoutHost(text string) string {
	if at := strings.Index(text, "://"); at >= 0 {
		text = text[at+3:]
	}
	if at := strings.IndexAny(text, "/?"); at >= 0 {
		return text[at:]
	}
	return ""
}

func decodeKey(path string, q query) (string, error) {
	key := strings.TrimPrefix(path, "/")
	if !strings.EqualFold(q["urlencoded"], "true") {
		return key, nil
	}
	decoded, err := url.PathUnescape(key)
	if err != nil || !utf8.ValidString(decoded) {
		return "", badRequest("Could not URL-decode key name")
	}
	return decoded, nil
}

func checkKey(key string) error {
	switch key {
	case "":
		return badRequest("Key names must not be empty")
	case ".", "..":
		return badRequest("Illegal key name %q. Please use a different name.", key)
	}
	return checkLength(key)
}

func checkLength(key string) error {
	if len(key) > maxKey {
		return &refusal{http.StatusRequestURITooLong, fmt.Sprintf("UTF-8 encoded length of %d exceeds key length limit of %d.", len(key), maxKey)}
	}
	return nil
}

// checkGet checks a key and how long it may be cached, which does not matter where there is no cache.
func checkGet(key string, cacheTTL *string) error {
	if err := checkKey(key); err != nil || cacheTTL == nil {
		return err
	}
	if ttl, err := strconv.Atoi(*cacheTTL); err != nil || ttl < minCacheTTL {
		return badRequest("Invalid cache_ttl of %s. Cache TTL must be at least %d.", *cacheTTL, minCacheTTL)
	}
	return nil
}

// expiration gives the second since 1970 at which a pair expires, 0 for never.
func expiration(q query, now time.Time) (int64, error) {
	second := now.Unix()
	if text := q.text("expiration_ttl"); text != nil {
		ttl, err := strconv.ParseInt(*text, 10, 64)
		switch {
		case err != nil || ttl <= 0:
			return 0, badRequest("Invalid expiration_ttl of %s. Please specify integer greater than 0.", *text)
		case ttl < minExpiration:
			return 0, badRequest("Invalid expiration_ttl of %s. Expiration TTL must be at least %d.", *text, minExpiration)
		}
		return second + ttl, nil
	}
	if text := q.text("expiration"); text != nil {
		at, err := strconv.ParseInt(*text, 10, 64)
		switch {
		case err != nil || at <= second:
			return 0, badRequest("Invalid expiration of %s. Please specify integer greater than the current number of seconds since the UNIX epoch.", *text)
		case at < second+minExpiration:
			return 0, badRequest("Invalid expiration of %s. Expiration times must be at least %d seconds in the future.", *text, minExpiration)
		}
		return at, nil
	}
	return 0, nil
}

func checkMetadata(text string) error {
	if len(text) > maxMetadata {
		return &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("Metadata length of %d exceeds limit of %d.", len(text), maxMetadata)}
	}
	if text != "" && !json.Valid([]byte(text)) {
		return fmt.Errorf("kv: metadata is no JSON")
	}
	return nil
}

func tooLarge(length int64) error {
	return &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("Value length of %d exceeds limit of %d.", length, maxValue)}
}

// listLimit gives how many keys a list may have.
func listLimit(q query) (int, error) {
	text := q.text("key_count_limit")
	if text == nil {
		return maxList, nil
	}
	limit, err := strconv.Atoi(*text)
	switch {
	case err != nil || limit < 1:
		return 0, badRequest("Invalid key_count_limit of %s. Please specify an integer greater than 0.", *text)
	case limit > maxList:
		return 0, badRequest("Invalid key_count_limit of %s. Please specify an integer less than %d.", *text, maxList)
	}
	return limit, nil
}
