package loader

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// The id of a Durable Object is 16 bytes and a code that proves they are of this class: half of their HMAC under a key which follows from
// the class's unique key. The 16 bytes are random, or half of the HMAC of a name. It is the same on the open reference runtime.

const (
	idBase = 16
	idSize = 32
)

// What op_object_id makes an id of.
const (
	idOfName = iota
	idOfText
	idUnique
)

func hash(key, data []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(data)
	return mac.Sum(nil)
}

// complete appends the code to the first half of an id and returns the text of the whole.
func (s *actorSpace) complete(base []byte) string {
	id := append(make([]byte, 0, idSize), base[:idBase]...)
	return hex.EncodeToString(append(id, hash(s.key, id)[:idSize-idBase]...))
}

func (s *actorSpace) idOfName(name string) string { return s.complete(hash(s.key, []byte(name))) }

func (s *actorSpace) uniqueID() string {
	var base [idBase]byte
	_, _ = rand.Read(base[:])
	return s.complete(base[:])
}

// idOfText reads the text of an id.
func (s *actorSpace) idOfText(text string) (string, *failure) {
	bytes, err := hex.DecodeString(text)
	if err != nil || len(bytes) != idSize {
		return "", hostTypeError("Invalid Durable Object ID: must be 64 hex digits")
	}
	id := s.complete(bytes)
	if id != hex.EncodeToString(bytes) {
		return "", hostTypeError("Durable Object ID is not valid for this namespace.")
	}
	return id, nil
}

// callObjectID answers op_object_id.
func (i *instance) callObjectID(a *ops.Reader, answer *ops.Batch) {
	s := i.def.space(a.Int())
	kind, text := a.Int(), a.String()
	if s == nil {
		isolate.CallError(answer, "Error", "unknown class")
		return
	}
	var id string
	var f *failure
	switch kind {
	case idOfName:
		id = s.idOfName(text)
	case idOfText:
		id, f = s.idOfText(text)
	default:
		id = s.uniqueID()
	}
	if f != nil {
		isolate.CallError(answer, f.class, f.message)
		return
	}
	isolate.CallResult(answer)
	answer.String(id)
}
