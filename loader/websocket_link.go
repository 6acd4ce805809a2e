package loader

import (
	"bufio"
	"io"
	"sync"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/loader/internal/websocket"
)

const (
	// closeTime is how long a connection is given to take what was sent before it ended, and to close its side.
	closeTime = time.Second
	// flushTime is how long the messages of a worker that has gone may take to be written, and those of a client that has gone to be
	// taken.
	flushTime = 30 * time.Second
	// stallPeek is how often a connection that is not read from is looked at.
	stallPeek = time.Second
)

// A socketLink joins an end to a connection: one goroutine reads from that as long as it lives, another one writes while there is
// something to write.
type socketLink struct {
	end  *socketEnd
	conn *websocket.Conn
	// in is what the connection is read through.
	in *bufio.Reader
	// kill closes the stream, and shut its sending half if it can. Both may be called by any goroutine, and more than once.
	kill, shut func()
	// lost says whether the other side has gone, without reading; nil if that cannot be known.
	lost func() bool

	// Guarded by the pipe's lock.
	flush     *time.Timer // runs once the worker has gone
	writing   bool
	sentClose bool
	gotClose  bool
	writers   sync.WaitGroup
}

// run serves the connection until it ends, on the goroutine that calls it. Nobody uses the stream after that.
func (l *socketLink) run(links *socketLinks) {
	if !links.add(l) {
		l.kill()
	}
	defer links.remove(l)
	var r isolate.Runner
	l.end.attach(&r, l)
	r.Run()
	f := l.receive()
	l.end.abort(&r, f)
	r.Run()
	l.kill()
	l.writers.Wait()
	l.end.pipe.Lock()
	if l.flush != nil {
		l.flush.Stop()
	}
	l.end.pipe.Unlock()
}

// receive passes messages on until there are no more, and returns what broke the connection; nil if it has just ended.
func (l *socketLink) receive() *failure {
	for {
		m, err := l.conn.Read()
		if broken, ok := err.(*websocket.ProtocolError); ok {
			l.linger()
			return hostError("%s", broken.Error())
		}
		if err != nil {
			return nil
		}
		if m.Kind == websocket.Close {
			l.end.pipe.Lock()
			l.gotClose = true
			over := l.sentClose
			l.end.pipe.Unlock()
			l.pass(&m)
			if over {
				l.shut()
			}
			_, _ = io.Copy(io.Discard, l.in) // until the connection ends
			return nil
		}
		l.pass(&m)
		if !l.waitRoom() {
			return nil
		}
	}
}

// waitRoom holds up a connection that has sent much more than the worker has taken; false if that is of no use any more.
func (l *socketLink) waitRoom() bool {
	room := l.end.room()
	if room == nil {
		return true
	}
	tick := time.NewTicker(stallPeek)
	defer tick.Stop()
	for stalled := time.Duration(0); stalled < flushTime; {
		select {
		case <-room:
			if room = l.end.room(); room == nil {
				return true
			}
			stalled = 0
		case <-tick.C:
			if l.lost != nil && l.lost() {
				stalled += stallPeek
			}
		}
	}
	return false
}

func (l *socketLink) pass(m *websocket.Message) {
	var r isolate.Runner
	l.end.send(&r, &socketMessage{kind: m.Kind, data: m.Data, code: m.Code})
	r.Run()
}

// linger gives the other side time to read the Close frame that it was sent: data that is unread when a connection is closed would
// reset it.
func (l *socketLink) linger() {
	l.shut()
	_, _ = io.Copy(io.Discard, l.in)
}

// take implements socketReader: writing may block.
func (l *socketLink) take(*isolate.Runner, *socketMessage) bool { return false }

// wake implements socketReader.
func (l *socketLink) wake(*isolate.Runner) {
	if !l.writing {
		l.writing = true
		l.writers.Add(1)
		go l.write()
	}
}

// gone implements socketReader.
func (l *socketLink) gone(_ *isolate.Runner, atOnce bool) {
	if atOnce {
		l.kill()
		return
	}
	l.flush = time.AfterFunc(flushTime, l.kill)
}

// write sends what waits.
func (l *socketLink) write() {
	defer l.writers.Done()
	for {
		l.end.pipe.Lock()
		m, ok := l.end.next()
		l.writing = ok
		l.end.pipe.Unlock()
		if !ok {
			return
		}
		if !l.writeMessage(&m) {
			l.kill() // the reading goroutine does the rest
			return
		}
	}
}

// writeMessage sends one message; false if nothing more can be sent.
func (l *socketLink) writeMessage(m *socketMessage) bool {
	switch m.kind {
	case 0:
		return false
	case websocket.Close:
		if l.conn.WriteClose(m.code, m.data) != nil {
			return false
		}
		l.end.pipe.Lock()
		l.sentClose = true
		over := l.gotClose
		l.end.pipe.Unlock()
		if over {
			l.shut()
		}
		return true
	}
	return l.conn.Write(m.kind, m.data) == nil
}

// socketLinks are the connections of a runtime that live.
type socketLinks struct {
	mu     sync.Mutex // guards the rest
	live   map[*socketLink]struct{}
	closed bool
}

// add registers a connection; false if the runtime is closed.
func (s *socketLinks) add(l *socketLink) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil {
		s.live = make(map[*socketLink]struct{})
	}
	s.live[l] = struct{}{}
	return !s.closed
}

func (s *socketLinks) remove(l *socketLink) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.live, l)
}

// close ends all connections, and those to come.
func (s *socketLinks) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for l := range s.live {
		l.kill()
	}
}
