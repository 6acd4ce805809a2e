package main

import (
	"context"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

// An ingress takes what comes to a door.
type ingress interface {
	Serve(net.Listener) error
	ShutdownWithContext(context.Context) error
	GetOpenConnectionsCount() int32
}

// serverLimits bound what clients can make the server hold. They are flags of serve.
type serverLimits struct {
	MaxConnections int           `default:"8192" help:"Connections at once; more are answered 503." placeholder:"N"`
	MaxRequests    int           `default:"10000" help:"Requests in progress at once; more are answered 503." placeholder:"N"`
	MaxQueued      int           `default:"1024" help:"Requests that wait for one worker; more are answered 503." placeholder:"N"`
	MaxQueueTime   time.Duration `default:"2s" help:"How long they wait for it; those that would wait for longer are answered 503." placeholder:"TIME"`
	MaxHeader      int           `default:"65536" help:"Bytes of a request's first line and header; more is answered 431." placeholder:"BYTES"`
	MaxBody        int64         `default:"104857600" help:"Bytes of a request's body; more is answered 413, or broken off." placeholder:"BYTES"`
	MaxMemory      int64         `default:"1610612736" help:"Bytes that an engine may have resident before it evicts idle dynamic workers." placeholder:"BYTES"`
	ReadTimeout    time.Duration `default:"20s" help:"How long a client may take for a request's header, and for each piece of its body." placeholder:"TIME"`
	WriteTimeout   time.Duration `default:"60s" help:"How long a client may take for each piece of a response." placeholder:"TIME"`
}

// validate gives the flag that makes no sense; empty if there is none.
func (l *serverLimits) validate() string {
	for flag, ok := range map[string]bool{
		"max-connections": l.MaxConnections > 0, "max-requests": l.MaxRequests > 0, "max-queued": l.MaxQueued > 0,
		"max-queue-time": l.MaxQueueTime > 0, "max-header": l.MaxHeader >= 1024, "max-body": l.MaxBody > 0, "max-memory": l.MaxMemory >= 64<<20,
		"read-timeout": l.ReadTimeout > 0, "write-timeout": l.WriteTimeout > 0,
	} {
		if !ok {
			return flag
		}
	}
	return ""
}

func newServer(h fasthttp.RequestHandler, l *serverLimits) *fasthttp.Server {
	return &fasthttp.Server{
		Handler:                       h,
		StreamRequestBody:             true,
		DisablePreParseMultipartForm:  true,
		DisableHeaderNamesNormalizing: true,
		NoDefaultServerHeader:         true,
		NoDefaultContentType:          true,
		ReadBufferSize:                l.MaxHeader,
		MaxRequestBodySize:            fasthttp.DefaultMaxRequestBodySize, // of what is not streamed
		Concurrency:                   l.MaxConnections,
		ReadTimeout:                   l.ReadTimeout,
		IdleTimeout:                   2 * time.Minute,
		CloseOnShutdown:               true,
		Logger:                        quiet{},
	}
}

// quiet drops what the server would say about broken connections: nobody can do anything about those.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
