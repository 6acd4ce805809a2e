package kv

import (
	"bytes"
	"database/sql/driver"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/internal/store"
)

// list answers with the keys of a prefix. The cursor is the last key of the list before, so that keys which come in between are seen.
func (n *Namespace) list(q query) (*bindings.Response, error) {
	limit, err := listLimit(q)
	if err != nil {
		return nil, err
	}
	prefix := q["prefix"]
	if err := checkLength(prefix); err != nil {
		return nil, err
	}
	type key struct {
		Name       string `json:"name"`
		Expiration int64  `json:"expiration,omitempty"`
		Metadata   string `json:"metadata,omitempty"`
	}
	keys := make([]key, 0, 16)
	span := store.PrefixRange(prefix)
	text, args := listPairs, []driver.Value{decodeCursor(q["cursor"]), span.Start}
	if span.End != "" {
		text, args = listPairsTo, append(args, span.End)
	}
	err = n.read(text, append(args, n.now().Unix(), int64(limit+1)), func(row []driver.Value) error {
		var k key
		k.Name, _ = row[0].(string)
		k.Expiration, _ = row[1].(int64)
		k.Metadata, _ = row[2].(string)
		keys = append(keys, k)
		return nil
	})
	if err != nil {
		return nil, err
	}
	result := struct {
		Keys         []key   `json:"keys"`
		ListComplete bool    `json:"list_complete"`
		Cursor       string  `json:"cursor,omitempty"`
		CacheStatus  *string `json:"cacheStatus"`
	}{Keys: keys, ListComplete: len(keys) <= limit}
	if !result.ListComplete {
		result.Keys = keys[:limit]
		result.Cursor = base64.StdEncoding.EncodeToString([]byte(keys[limit-1].Name))
	}
	answer, err := marshal(result)
	return ok(answer, [2]string{"content-type", "application/json"}), err
}

// marshal is json.Marshal that writes <, > and & as they are.
func marshal(value any) ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return text.Bytes(), err
}

// decodeCursor reads base64 as leniently as Node does: whatever is none is skipped.
func decodeCursor(text string) string {
	text, _, _ = strings.Cut(text, "=")
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r == '+', r == '/':
			return r
		}
		return -1
	}, text)
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	key, _ := base64.RawStdEncoding.DecodeString(clean) // what is wrong with it is what it has too much
	return string(key)
}

// bulk answers with several values.
func (n *Namespace) bulk(req *bindings.Request, done func(*bindings.Response, error)) {
	if body, there := req.Body.(*bindings.Bytes); there {
		question := append([]byte{}, body.Data...)
		go answer(done, func() (*bindings.Response, error) { return n.values(question) })
		return
	}
	go answer(done, func() (*bindings.Response, error) {
		if req.Body == nil {
			return nil, fmt.Errorf("kv: a bulk get asks for nothing")
		}
		defer req.Body.Close()
		question, err := io.ReadAll(io.LimitReader(req.Body, maxBulkQuestion))
		if err != nil {
			return nil, err
		}
		return n.values(question)
	})
}

// maxBulkQuestion is more than 100 keys of the longest kind take, escaped.
const maxBulkQuestion = 1 << 20

func (n *Namespace) values(question []byte) (*bindings.Response, error) {
	var ask struct {
		Keys         []string `json:"keys"`
		Type         *string  `json:"type"`
		WithMetadata bool     `json:"withMetadata"`
		CacheTTL     *string  `json:"cacheTtl"`
	}
	if err := json.Unmarshal(question, &ask); err != nil {
		return nil, err
	}
	asJSON := ask.Type != nil && *ask.Type == "json"
	switch {
	case ask.Type != nil && !asJSON && *ask.Type != "text":
		return nil, badRequest("%q is not a valid type. Use \"json\" or \"text\"", *ask.Type)
	case len(ask.Keys) > maxBulk:
		return nil, badRequest("You can request a maximum of %d keys", maxBulk)
	case len(ask.Keys) == 0:
		return nil, badRequest("You must request a minimum of 1 key")
	}
	text := []byte{'{'}
	seen, total := map[string]bool{}, 0
	for _, key := range ask.Keys {
		if err := checkGet(key, ask.CacheTTL); err != nil {
			return nil, err
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		value, size, err := n.value(key, asJSON, ask.WithMetadata)
		if err != nil {
			return nil, err
		}
		if total += size; total > maxValue {
			return nil, &refusal{http.StatusRequestEntityTooLarge, "Total size of request exceeds the limit of " + strconv.Itoa(maxValue>>20) + "MB"}
		}
		name, err := marshal(key)
		if err != nil {
			return nil, err
		}
		if len(text) > 1 {
			text = append(text, ',')
		}
		text = append(append(append(text, name...), ':'), value...)
	}
	return ok(append(text, '}')), nil
}

// value gives the JSON that stands for a key, and how long its text is, in UTF-16 units.
func (n *Namespace) value(key string, asJSON, withMetadata bool) (text []byte, size int, err error) {
	e, err := n.entry(key)
	if err == nil && e.large() {
		e, err = n.whole(key)
	}
	if err != nil || e == nil {
		return []byte("null"), 0, err
	}
	value := bytes.TrimPrefix(e.value, []byte("\ufeff"))
	size = utf16Length(value)
	if !asJSON {
		if value, err = marshal(string(value)); err != nil {
			return nil, 0, err
		}
	} else if !utf8.Valid(value) {
		value = bytes.ToValidUTF8(value, []byte("\ufffd"))
	}
	if asJSON && !json.Valid(value) {
		return nil, 0, badRequest("At least one of the requested keys corresponds to a non-json value")
	}
	if !withMetadata || string(bytes.TrimSpace(value)) == "null" {
		return value, size, nil
	}
	metadata := e.metadata
	if metadata == "" {
		metadata = "null"
	}
	return fmt.Appendf(nil, `{"value":%s,"metadata":%s}`, value, metadata), size, nil
}

func utf16Length(text []byte) int {
	units := 0
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		units++
		if r > 0xffff {
			units++
		}
	}
	return units
}
