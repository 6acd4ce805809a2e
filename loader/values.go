package loader

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/dynos-run/dynos/isolate/ops"
)

// readHeader reads a header list, packed by JavaScript or as an array, into the packed form. The result may point into the outbox.
func readHeader(a *ops.Reader) []byte {
	if !a.IsArray() {
		return a.ByteString()
	}
	var packed []byte
	for n := a.Array(); n > 0 && a.Err == nil; n-- {
		packed = append(packed, a.ByteString()...)
		packed = append(packed, 0)
	}
	return packed
}

// eachHeader calls f for each name and value of a packed list.
func eachHeader(packed []byte, f func(name, value []byte)) {
	for len(packed) > 0 {
		name, rest := cut(packed)
		value, next := cut(rest)
		f(name, value)
		packed = next
	}
}

// frame makes headers and body of a request from one worker to another agree, as they do on a connection: a body has a length or is
// chunked, and whoever announces a body has one, perhaps empty. Headers that the sender has set stay as they are.
func (req *request) frame() {
	announced := false
	if bytes.Contains(req.header, []byte("content-length")) || bytes.Contains(req.header, []byte("transfer-encoding")) {
		eachHeader(req.header, func(name, _ []byte) {
			announced = announced || string(name) == "content-length" || string(name) == "transfer-encoding"
		})
	}
	sent := len(req.header)
	switch none := req.body.data == nil && req.body.stream == nil; {
	case none && announced:
		req.body.data, req.body.length = []byte{}, 0
	case none || announced:
	case req.body.length >= 0:
		req.header = fmt.Appendf(bytes.Clone(req.header), "content-length\x00%d\x00", req.body.length)
	default:
		req.header = append(bytes.Clone(req.header), "transfer-encoding\x00chunked\x00"...)
	}
	if req.body.length != 0 { // the sender itself announces an empty body
		req.framed = len(req.header) - sent
	}
}

func cut(s []byte) (before, after []byte) {
	for k, c := range s {
		if c == 0 {
			return s[:k], s[k+1:]
		}
	}
	return s, nil
}

// readBody reads a body and its length as a realm sends them: null, text, bytes, a handle of the host passed on, or a stream of
// its own. Preconditions: mu is held.
func (i *instance) readBody(c *requestContext, a *ops.Reader, p *payload) *failure {
	switch {
	case a.IsNull():
	case a.IsNumber():
		id := a.Int()
		if id < 0 {
			i.streams[id] = &exported{ctx: c}
			if n := len(c.streams); n >= 64 && n&(n-1) == 0 {
				c.streams = slices.DeleteFunc(c.streams, func(id int64) bool { return i.streams[id] == nil })
			}
			c.streams = append(c.streams, id)
			p.stream = &streamBody{owner: i, id: id}
			break
		}
		p.stream = i.bodies[uint32(id)]
		delete(i.bodies, uint32(id))
		if p.stream == nil {
			return errBodyGone
		}
	case a.IsBytes():
		if p.data = a.Bytes(); p.data == nil {
			p.data = []byte{}
		}
	default:
		if p.data = a.UTF8(); p.data == nil {
			p.data = []byte{}
		}
	}
	p.length = a.Int()
	if p.data != nil {
		p.length = int64(len(p.data))
	}
	return nil
}

// readTarget reads what a service stub points to; a reference to it is the caller's if it keeps it (retain). Preconditions: mu is held.
func (i *instance) readTarget(c *requestContext, a *ops.Reader) service {
	s := i.readService(c, a)
	if of, ok := s.(*recipe); ok {
		return c.live(of)
	}
	return s
}

// readService is readTarget for who does not call it.
func (i *instance) readService(c *requestContext, a *ops.Reader) service {
	if a.IsNumber() {
		return i.channel(a.Int())
	}
	n := a.Array()
	switch kind := a.String(); {
	case kind == "loopback" && n == 4:
		t := &target{worker: i.worker, storable: i.def.flags[storageFlag]}
		i.readEntrypoint(c, a, t)
		return t
	case kind == "object" && n == 6:
		return i.readObject(a)
	case kind == "facet" && n == 3:
		return i.readFacet(c, a)
	case kind == "broken" && n == 5:
		return i.readBroken(a)
	case kind == "class" && n == 4, kind == "worker_class" && n == 6:
		return i.readClass(c, a, n == 6)
	case kind == "worker" && n == 6:
		t := &target{worker: c.workers[uint32(a.Int())]}
		i.readEntrypoint(c, a, t)
		t.limits = readLimits(a)
		if t.worker == nil {
			return refusal{errNoCapability}
		}
		return t
	case kind == "cache" && n == 1:
		if i.def.cache == nil {
			return refusal{errNoCache}
		}
		return i.def.cache
	}
	return refusal{errNoCapability}
}

func (i *instance) readEntrypoint(c *requestContext, a *ops.Reader, t *target) {
	t.entrypoint = a.String()
	if !a.IsNull() {
		t.props = append([]byte{}, a.Bytes()...)
	}
	t.caps = i.readTargets(c, a)
}

// readTargets reads an array of targets, which outlive the context.
func (i *instance) readTargets(c *requestContext, a *ops.Reader) []service {
	n := a.Array()
	if n == 0 {
		return nil
	}
	list := make([]service, 0, n)
	for ; n > 0 && a.Err == nil; n-- {
		s := i.readService(c, a)
		if made, ok := s.(*restored); ok {
			s = made.of
		}
		list = append(list, s)
	}
	return list
}

// readCaps reads the capabilities of arguments or of an answer, with a reference to each. Preconditions: mu is held.
func (i *instance) readCaps(c *requestContext, a *ops.Reader, inAnswer bool) []capability {
	n := a.Array()
	if n == 0 {
		return nil
	}
	list := make([]capability, 0, n)
	for ; n > 0 && a.Err == nil; n-- {
		list = append(list, i.readCap(c, a, inAnswer))
	}
	return list
}

func (i *instance) readCap(c *requestContext, a *ops.Reader, inAnswer bool) capability {
	if !a.IsNumber() {
		switch a.PeekKind() {
		case "export":
			n := a.Array()
			_ = a.String()
			item := capability{service: c.export(uint32(a.Int()), inAnswer)}
			item.weak = n == 3 && a.Bool()
			return item
		case "gone":
			a.Array()
			_ = a.String()
			return capability{service: refusal{errDisposed}}
		case "stream":
			a.Array()
			_ = a.String()
			return i.readStream(c, a, inAnswer)
		}
	}
	s := i.readTarget(c, a)
	retain(s)
	return capability{service: s}
}

// readStream reads a stream of the realm, or of the host passed on, and its length.
func (i *instance) readStream(c *requestContext, a *ops.Reader, inAnswer bool) capability {
	var p payload
	if f := i.readBody(c, a, &p); f != nil || p.stream == nil {
		return capability{service: refusal{errBodyGone}}
	}
	if s, ok := p.stream.(*streamBody); ok && s.owner == i && inAnswer {
		i.streams[s.id].held = true
		c.heldStreams++
	}
	return capability{stream: p.stream, length: p.length}
}
