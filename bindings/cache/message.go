package cache

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
)

// maxHead bounds the head of a message, and each line of it.
const maxHead = 128 << 10

// A message is a response as a PUT brings it.
type message struct {
	status     int
	statusText string
	header     [][2]string // names in lower case
	body       io.Reader
	length     int64 // of the body; -1 if it is not known
}

var errMalformed = errors.New("malformed response in a request to the cache")

// readMessage reads the head of a message.
//
// Spec: RFC 9112, "Message Format", https://www.rfc-editor.org/rfc/rfc9112#section-2
func readMessage(body io.Reader) (*message, error) {
	r := bufio.NewReaderSize(body, 4096)
	m := &message{length: -1}
	left := maxHead
	line, err := readLine(r, &left)
	if err != nil {
		return nil, err
	}
	version, rest, _ := strings.Cut(line, " ")
	code, text, _ := strings.Cut(rest, " ")
	if m.status, err = strconv.Atoi(code); err != nil || !strings.HasPrefix(version, "HTTP/1.") || m.status < 100 || m.status > 999 {
		return nil, errMalformed
	}
	m.statusText = text
	for {
		if line, err = readLine(r, &left); err != nil {
			return nil, err
		}
		if line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" {
			return nil, errMalformed
		}
		m.header = append(m.header, [2]string{strings.ToLower(name), strings.Trim(value, " \t")})
	}
	if value, ok := field(m.header, "content-length"); ok {
		if m.length, err = strconv.ParseInt(value, 10, 64); err != nil || m.length < 0 {
			return nil, errMalformed
		}
	}
	m.body = r
	return m, nil
}

func readLine(r *bufio.Reader, left *int) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if *left -= len(part); *left < 0 {
			return "", errMalformed
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF {
			return "", errMalformed
		}
		if err != nil {
			return "", err
		}
		return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), nil
	}
}
