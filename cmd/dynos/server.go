package main

import (
	"time"

	"github.com/valyala/fasthttp"
)

// maxHeaderBytes bounds a request's first line and header.
const maxHeaderBytes = 64 << 10

type handler = fasthttp.RequestHandler

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
