package loadertest

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/wdconfig"
	"github.com/dynos-run/dynos/loader/wrangler"
)

// Run runs the tests of the fixture at path. It may be called concurrently.
func Run(ctx context.Context, path string, o Options) *Result {
	r := newRunner(path, o)
	return r.timed(func() { r.fixture(ctx, path) })
}

func (r *runner) fixture(ctx context.Context, path string) {
	dir, err := os.MkdirTemp("", "wd-test")
	if err != nil {
		r.refuse(Failed, err.Error())
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	r.all(ctx, func() *session { return r.openFixture(path, dir) })
}

// openFixture reads a fixture, whose sockets and files are to be in dir.
func (r *runner) openFixture(path, dir string) *session {
	files := &sources{}
	config, _, err := wdconfig.Load(path, wdconfig.Options{Const: r.options.Filter.Const, ReadFile: files.read})
	if err != nil {
		r.refuse(Failed, err.Error())
		return nil
	}
	config.Autogates = nil // switches of the reference runtime's own, for what is being rolled out there
	placeLoopback(config, dir)
	plan, err := config.Plan(wdconfig.PlanOptions{CompatibilityDate: r.options.CompatibilityDate, LookupEnv: r.options.LookupEnv})
	if err != nil {
		outcome := Failed
		if wdconfig.OnlyAbsent(err) {
			outcome = Skipped
		}
		r.refuse(outcome, err.Error())
		return nil
	}
	for i := range plan.Loader.Workers {
		files.mapStacks(&plan.Loader.Workers[i])
	}
	return &session{
		config: plan.Loader,
		serve:  func(rt *loader.Runtime) (func(), error) { return serve(rt, plan.Sockets) },
		close:  func() { _ = plan.Close() },
	}
}

// sources reads the files of a fixture. One that is not there but for its TypeScript, x.ts for x.js, is compiled.
type sources struct {
	compiled []compiled
}

type compiled struct{ code, sourceMap []byte }

func (s *sources) read(path string) ([]byte, error) {
	data, err := wdconfig.ReadFile(path)
	for _, pair := range [][2]string{{".js", ".ts"}, {".mjs", ".mts"}} {
		base, ok := strings.CutSuffix(path, pair[0])
		if !ok || !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if source, missing := wdconfig.ReadFile(base + pair[1]); missing == nil {
			return s.compile(base+pair[1], source)
		}
	}
	if err == nil && (filepath.Ext(path) == ".ts" || filepath.Ext(path) == ".mts") {
		return s.compile(path, data)
	}
	return data, err
}

func (s *sources) compile(path string, source []byte) ([]byte, error) {
	code, sourceMap, err := wrangler.StripTypes(path, source)
	if err != nil {
		return nil, err
	}
	s.compiled = append(s.compiled, compiled{code, sourceMap})
	return code, nil
}

// mapStacks lets the stacks of a worker have the places of its TypeScript.
func (s *sources) mapStacks(w *loader.Worker) {
	maps := map[string][]byte{}
	for _, m := range w.Modules {
		for _, c := range s.compiled {
			if bytes.Equal(m.Source, c.code) {
				maps[m.Name] = c.sourceMap
			}
		}
	}
	if len(maps) > 0 {
		w.MapStack = wrangler.NewStackMapper(maps).Map
	}
}

// placeLoopback gives addresses "loopback:NAME", which only tests have, a Unix socket in dir, and the folder TEST_TMPDIR a place there.
func placeLoopback(config *wdconfig.Config, dir string) {
	place := func(address *string) {
		if name, ok := strings.CutPrefix(*address, "loopback:"); ok {
			*address = "unix:" + filepath.Join(dir, filepath.Base(name))
		}
	}
	for i := range config.Sockets {
		place(&config.Sockets[i].Address)
	}
	for i := range config.Services {
		if external := config.Services[i].External; external != nil {
			place(&external.Address)
		}
		if disk := config.Services[i].Disk; disk != nil && disk.Path == "" {
			disk.Path = dir
		}
	}
}

// serve listens on the sockets of a fixture.
func serve(rt *loader.Runtime, sockets []wdconfig.PlannedSocket) (stop func(), err error) {
	var servers []server
	stop = func() {
		now, cancel := context.WithTimeout(context.Background(), time.Second) // connections that are in use go with the runtime
		defer cancel()
		for _, s := range servers {
			_ = s.ShutdownWithContext(now)
		}
	}
	for _, socket := range sockets {
		s, err := serverFor(rt, &socket)
		if err != nil {
			return stop, err
		}
		listener, err := net.Listen(socket.Network, socket.Address)
		if err != nil {
			stop()
			return nil, err
		}
		servers = append(servers, s)
		go func() { _ = s.Serve(listener) }()
	}
	return stop, nil
}

// A server takes what comes to a socket.
type server interface {
	Serve(net.Listener) error
	ShutdownWithContext(context.Context) error
}

func serverFor(rt *loader.Runtime, socket *wdconfig.PlannedSocket) (server, error) {
	if socket.TCP {
		return rt.ConnServerFor(socket.Service, 0)
	}
	handler, err := rt.HandlerFor(socket.Service, socket.Options)
	if err != nil {
		return nil, err
	}
	return &fasthttp.Server{
		Handler: handler, StreamRequestBody: true, DisablePreParseMultipartForm: true, DisableHeaderNamesNormalizing: true,
		NoDefaultServerHeader: true, NoDefaultContentType: true, CloseOnShutdown: true, ReadBufferSize: 64 << 10, Logger: quiet{},
	}, nil
}

// quiet drops what the server would say about broken connections.
type quiet struct{}

// Printf implements fasthttp.Logger.
func (quiet) Printf(string, ...any) {}
