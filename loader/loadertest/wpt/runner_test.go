package wpt

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"github.com/dynos-run/dynos/bindings/outbound"
	"github.com/dynos-run/dynos/loader"
)

// An outcome is how a file has done: how many subtests pass, and what the others say. status is "" if the harness is content.
type outcome struct {
	status string
	pass   int
	fail   map[string]string
}

//go:embed runner/worker.js
var worker string

// A runner is a worker that runs test files in dynamic workers.
type runner struct {
	client *http.Client
	url    string
	close  func()
}

// newRunner starts one, unless there is one at a URL.
func newRunner(t *testing.T, address string) *runner {
	if address != "" {
		return &runner{client: http.DefaultClient, url: address, close: func() {}}
	}
	policy, err := outbound.NewPolicy([]string{"loopback"}, nil)
	require.NoError(t, err)
	network := outbound.New(outbound.Options{Policy: policy})
	rt, err := loader.New(loader.Config{
		Outbound: network,
		Workers: []loader.Worker{{
			Name: "wpt", CompatibilityDate: loader.NewestCompatibilityDate, Modules: []loader.Module{loader.ESModule("worker.js", worker)},
			Bindings: []loader.Binding{{Name: "LOADER", Loader: true}},
		}},
		IdleTimeout: time.Second,
	})
	require.NoError(t, err)
	listener := fasthttputil.NewInmemoryListener()
	server := &fasthttp.Server{Handler: rt.Handler(), StreamRequestBody: true}
	go func() { _ = server.Serve(listener) }()
	dial := func(context.Context, string, string) (net.Conn, error) { return listener.Dial() }
	return &runner{client: &http.Client{Transport: &http.Transport{DialContext: dial}}, url: "http://runner/", close: func() {
		_ = listener.Close()
		_ = rt.Close()
		network.Close()
	}}
}

const fileTimeout = 5 * time.Minute

// run runs a file.
func (r *runner) run(f file) outcome {
	program, err := f.program()
	if err != nil {
		return outcome{status: "cannot be read: " + err.Error()[strings.LastIndexByte(err.Error(), ':')+2:]}
	}
	ctx, cancel := context.WithTimeout(context.Background(), fileTimeout)
	defer cancel()
	address := r.url + "?base=" + url.QueryEscape(f.site.url(f.name()))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(program))
	if err != nil {
		return outcome{status: err.Error()}
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return outcome{status: "no answer"}
	}
	defer resp.Body.Close()
	var answer struct {
		Status  string
		Results [][3]any
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return outcome{status: fmt.Sprintf("status %d", resp.StatusCode)}
	}
	o := outcome{status: cut(answer.Status), fail: map[string]string{}}
	for _, r := range answer.Results {
		if r[1] == float64(0) {
			o.pass++
			continue
		}
		name := strings.ToValidUTF8(port.ReplaceAllString(fmt.Sprint(r[0]), "server"), "?")
		for o.fail[name] != "" {
			name += " (again)"
		}
		o.fail[name] = cut(fmt.Sprint(r[2]))
	}
	return o
}

var port = regexp.MustCompile(`(127\.0\.0\.1|localhost):\d+`)

// cut is the first line of a text, and not all of a long one.
func cut(text string) string {
	text, _, _ = strings.Cut(port.ReplaceAllString(text, "server"), "\n")
	if r := []rune(text); len(r) > 160 {
		text = string(r[:160]) + "…"
	}
	return strings.ToValidUTF8(text, "?")
}
