package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/loader"
)

// maxHeaderBytes bounds a request's first line and header.
const maxHeaderBytes = 64 << 10

type handler = fasthttp.RequestHandler

// A door is an address to listen on, with who answers behind it.
type door struct {
	network, address string
	// name of the service behind it.
	name string
	// place is where a configuration says so, empty if the command line does.
	place   string
	handler func(*loader.Runtime) (handler, error)
}

// listen opens the address; one that is in use is the user's to change.
func (d *door) listen() (net.Listener, error) {
	listener, err := net.Listen(d.network, d.address)
	if err == nil {
		return listener, nil
	}
	before, hint := "dynos: ", "stop the other server or choose another --port"
	if d.place != "" {
		before, hint = d.place+": ", "stop the other server, choose another address, or give --port"
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &inputError{fmt.Sprintf("%s%s is in use; %s", before, d, hint)}
	}
	return nil, &inputError{fmt.Sprintf("%scannot listen on %s: %s", before, d, err)}
}

// String gives the address as a configuration has it.
func (d *door) String() string {
	if d.network == "unix" {
		return "unix:" + d.address
	}
	return d.address
}

// greeting is the line that says where the door is.
func (d *door) greeting(listener net.Listener) string {
	if d.network == "unix" {
		return fmt.Sprintf("dynos serves %s on %s", d.name, d)
	}
	return fmt.Sprintf("dynos serves %s on http://%s", d.name, listener.Addr())
}

// listenAll opens every door, or none.
func listenAll(doors []door) ([]net.Listener, error) {
	listeners := make([]net.Listener, 0, len(doors))
	for k := range doors {
		listener, err := doors[k].listen()
		if err != nil {
			closeAll(listeners)
			return nil, err
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		_ = l.Close()
	}
}

func newServer(h handler) *fasthttp.Server {
	return &fasthttp.Server{
		Handler:                       h,
		StreamRequestBody:             true,
		DisablePreParseMultipartForm:  true,
		DisableHeaderNamesNormalizing: true,
		NoDefaultServerHeader:         true,
		NoDefaultContentType:          true,
		ReadBufferSize:                maxHeaderBytes,
		MaxRequestBodySize:            fasthttp.DefaultMaxRequestBodySize,
		ReadTimeout:                   0,
		IdleTimeout:                   2 * time.Minute,
		CloseOnShutdown:               true,
		Logger:                        quiet{},
	}
}

// quiet drops what the server would say about broken connections: nobody can do anything about those.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
