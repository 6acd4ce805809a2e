package loader

import (
	"strconv"
	"time"

	"github.com/valyala/fasthttp"
)

// unavailable answers 503, with a word on when another try makes sense: in whole seconds, at least one.
func unavailable(ctx *fasthttp.RequestCtx, after time.Duration) {
	out := &ctx.Response
	out.SetStatusCode(fasthttp.StatusServiceUnavailable)
	out.Header.Set("Retry-After", strconv.FormatInt(max(1, int64((after+time.Second-1)/time.Second)), 10))
	out.Header.SetContentType("text/plain; charset=UTF-8")
	out.SetBodyString("Service Unavailable")
}
