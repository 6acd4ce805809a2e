package loader

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/dynos-run/dynos/isolate"
)

// A ConnServer gives connections over TCP to the connect handler of a service. Its methods may be called from any goroutine.
type ConnServer struct {
	rt      *Runtime
	service connector
	most    int

	mu       sync.Mutex // guards the rest
	listener net.Listener
	open     map[net.Conn]struct{}
	closed   bool
	empty    chan struct{} // closed when none is open after the end
}

var errNoConnectors = errors.New("only workers and networks take connections")

// ConnServerFor makes a server for a service of the configuration, which has at most so many connections at once (0: any number);
// more are closed.
//
// Errors: the reference is one that Config.Validate would not allow, or of a service that takes no connections.
func (rt *Runtime) ConnServerFor(to Service, most int) (*ConnServer, error) {
	if err := rt.config.services().check(&to); err != nil {
		return nil, err
	}
	s, ok := rt.service(&to).(connector)
	if !ok {
		return nil, errNoConnectors
	}
	return &ConnServer{rt: rt, service: s, most: most, open: map[net.Conn]struct{}{}, empty: make(chan struct{})}, nil
}

// Serve takes connections until the listener fails or Shutdown is called; then it returns nil.
func (s *ConnServer) Serve(listener net.Listener) error {
	s.mu.Lock()
	s.listener = listener
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return listener.Close()
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.closed {
				return nil
			}
			return err
		}
		if s.add(conn) {
			go s.serve(conn)
		} else {
			_ = conn.Close()
		}
	}
}

func (s *ConnServer) add(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.most > 0 && len(s.open) >= s.most {
		return false
	}
	s.open[conn] = struct{}{}
	return true
}

func (s *ConnServer) remove(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, conn)
	if s.closed && len(s.open) == 0 {
		close(s.empty)
	}
}

// ShutdownWithContext takes no more connections and waits for the end of those that are open. When the context ends it closes them.
//
// Errors: the context's.
func (s *ConnServer) ShutdownWithContext(ctx context.Context) error {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	if first && len(s.open) == 0 {
		close(s.empty)
	}
	if first && s.listener != nil {
		_ = s.listener.Close()
	}
	s.mu.Unlock()
	select {
	case <-s.empty:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.open {
		_ = conn.Close()
	}
	return ctx.Err()
}

// GetOpenConnectionsCount is how many connections are open.
func (s *ConnServer) GetOpenConnectionsCount() int32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int32(len(s.open))
}

// serve gives a connection to the service, and returns when it is over.
func (s *ConnServer) serve(conn net.Conn) {
	defer s.remove(conn)
	ctx, cancel := context.WithCancel(context.Background())
	n := &netConn{ctx: ctx, cancel: cancel, conn: conn}
	in := &incoming{conn: n, server: s}
	c := connection{address: conn.LocalAddr().String(), tls: "off", host: conn.LocalAddr().String(), sending: &netReceiving{n}}
	var r isolate.Runner
	running := s.service.connect(&r, &c, in)
	r.Run()
	<-ctx.Done()
	if running != nil {
		running.cancel(&r)
		r.Run()
	}
}

func (s *ConnServer) name() string {
	if t, ok := s.service.(*target); ok {
		return t.worker.name
	}
	return ""
}

// incoming is a connection that waits for a connect handler, and then for its end.
type incoming struct {
	conn   *netConn
	server *ConnServer
}

// connected implements connectCaller: what the handler sends goes to the client.
func (in *incoming) connected(_ *isolate.Runner, receiving body) {
	go in.conn.send(receiving)
}

func (in *incoming) fail(_ *isolate.Runner, f *failure) {
	in.server.rt.config.Log(Record{Worker: in.server.name(), Level: LevelError, Text: "Uncaught " + f.Error()})
	in.conn.close()
}
