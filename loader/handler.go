package loader

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/bindings"
)

// HandlerOptions say how a handler hands on what it gets. The zero value is what Handler does.
type HandlerOptions struct {
	// Bare leaves requests as they came, as the open reference runtime does; request.cf has the client's address as clientIp. Else
	// they get what Cloudflare's network would add: the headers cf-connecting-ip, x-real-ip, x-forwarded-for and x-forwarded-proto,
	// and more in request.cf.
	Bare bool
	// ForwardedProtoHeader names the header, of a proxy in front, that says what request.url begins with: "https". The worker
	// does not see it.
	ForwardedProtoHeader string
	// CfHeader names the header that holds request.cf as JSON, which is then undefined without it. The worker does not see the header.
	CfHeader string
	// RequestHeaders are set on every request, after its URL is known.
	RequestHeaders []bindings.HeaderEdit
	// ResponseHeaders are set on every response of the service.
	ResponseHeaders []bindings.HeaderEdit
}

// framing are the headers that say where messages end: the server's to write, not to be edited.
var framing = []string{"content-length", "transfer-encoding", "connection", "keep-alive"}

// A front is a service as one handler shows it. Names in its options are in lower case, but for those of ResponseHeaders.
type front struct {
	service service
	name    string
	options HandlerOptions
	// replaced are the names of ResponseHeaders, in lower case.
	replaced []string
}

func newFront(s service, name string, o HandlerOptions) *front {
	f := &front{service: s, name: name, options: o}
	f.options.ForwardedProtoHeader = strings.ToLower(o.ForwardedProtoHeader)
	f.options.CfHeader = strings.ToLower(o.CfHeader)
	f.options.RequestHeaders, f.options.ResponseHeaders = nil, nil
	for _, edit := range o.RequestHeaders {
		if name := strings.ToLower(edit.Name); !slices.Contains(framing, name) {
			f.options.RequestHeaders = append(f.options.RequestHeaders, bindings.HeaderEdit{Name: name, Value: edit.Value})
		}
	}
	for _, edit := range o.ResponseHeaders {
		if name := strings.ToLower(edit.Name); !slices.Contains(framing, name) {
			f.options.ResponseHeaders = append(f.options.ResponseHeaders, edit)
			f.replaced = append(f.replaced, name)
		}
	}
	return f
}

// HandlerFor returns a handler that gives requests to a service of the configuration; see Handler for what its server must be.
//
// Errors: the reference is one that Config.Validate would not allow.
func (rt *Runtime) HandlerFor(to Service, o HandlerOptions) (fasthttp.RequestHandler, error) {
	if err := rt.config.services().check(&to); err != nil {
		return nil, err
	}
	f := newFront(rt.service(&to), to.Worker, o)
	return func(ctx *fasthttp.RequestCtx) { rt.serve(ctx, f) }, nil
}

// hides says whether a header of the request, its name in any case, is not for the service to see as it came.
func (f *front) hides(name []byte) bool {
	o := &f.options
	if o.ForwardedProtoHeader != "" && asciiEqualFold(name, o.ForwardedProtoHeader) || o.CfHeader != "" && asciiEqualFold(name, o.CfHeader) {
		return true
	}
	for i := range o.RequestHeaders {
		if asciiEqualFold(name, o.RequestHeaders[i].Name) {
			return true
		}
	}
	return !o.Bare && (asciiEqualFold(name, "cf-connecting-ip") || asciiEqualFold(name, "x-real-ip") || asciiEqualFold(name, "x-forwarded-proto")) // ours to say
}

// peek finds a header of the request by its lower-case name; nil if there is none.
func peek(head *fasthttp.RequestHeader, lower string) []byte {
	if lower == "" {
		return nil
	}
	for key, value := range head.All() {
		if asciiEqualFold(key, lower) {
			return value
		}
	}
	return nil
}

// scheme is what a request's URL begins with.
func (f *front) scheme(ctx *fasthttp.RequestCtx) string {
	if proto := peek(&ctx.Request.Header, f.options.ForwardedProtoHeader); isScheme(proto) {
		return string(proto) + "://"
	}
	if ctx.IsTLS() {
		return "https://"
	}
	return "http://"
}

func isScheme(text []byte) bool {
	for i, c := range text {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || !('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return false
		}
	}
	return len(text) > 0
}

// platformCf says whether request.cf is what Cloudflare's network would say, cfJSON.
func (f *front) platformCf() bool { return !f.options.Bare && f.options.CfHeader == "" }

// appendCf appends what request.cf shows otherwise, as JSON; nothing if it is undefined.
func (f *front) appendCf(b []byte, ctx *fasthttp.RequestCtx) []byte {
	if f.options.CfHeader != "" {
		return append(b, peek(&ctx.Request.Header, f.options.CfHeader)...)
	}
	if tcp, ok := ctx.RemoteAddr().(*net.TCPAddr); ok {
		b = append(b, `{"clientIp":"`...)
		b = netip.AddrPortFrom(tcp.AddrPort().Addr().Unmap().WithZone(""), tcp.AddrPort().Port()).AppendTo(b)
		b = append(b, `"}`...)
	}
	return b
}

// appendEdits packs the headers that every request gets.
func (f *front) appendEdits(b []byte) []byte {
	for _, edit := range f.options.RequestHeaders {
		if edit.Value != "" {
			b = appendField(b, edit.Name, []byte(edit.Value))
		}
	}
	return b
}

// edit sets the headers that every response gets.
func (f *front) edit(out *fasthttp.Response) {
	for _, edit := range f.options.ResponseHeaders {
		if edit.Value != "" {
			out.Header.Add(edit.Name, edit.Value)
		}
	}
}

// replaces says whether a header of a response, its name in lower case, is not for the client to see.
func (f *front) replaces(name []byte) bool {
	for i := range f.replaced {
		if string(name) == f.replaced[i] {
			return true
		}
	}
	return false
}
