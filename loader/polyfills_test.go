package loader_test

import (
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader"
)

// runner runs the test handlers of the module beside it: GET / lists them, GET /?name runs one.
const runner = `
import * as tests from "./test.js";
export default {
  async fetch(request, env, ctx) {
    const name = decodeURIComponent(new URL(request.url).search.slice(1));
    if (name === "") return Response.json(Object.keys(tests).filter((k) => typeof tests[k]?.test === "function"));
    try {
      await tests[name].test({}, env, ctx);
      return new Response("ok");
    } catch (error) {
      return new Response(String(error?.stack ?? error));
    }
  },
};
`

// The tests beside the polyfills, each exported handler a subtest.
func TestPolyfills(t *testing.T) {
	files, err := filepath.Glob("../polyfills/*/*_test.js")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(file), "../polyfills/"), "_test.js")
		t.Run(name, func(t *testing.T) {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			p, err := start(t, loader.Config{Workers: []loader.Worker{{
				Name: name, CompatibilityDate: "2026-10-01", CompatibilityFlags: []string{"nodejs_compat"}, Main: "main.js",
				Modules: []loader.Module{{Name: "main.js", Source: []byte(runner)}, {Name: "test.js", Source: source}},
			}}})
			require.NoError(t, err)
			var names []string
			require.NoError(t, json.Unmarshal(p.get(t, "/"), &names))
			require.NotEmpty(t, names)
			for _, name := range names {
				t.Run(name, func(t *testing.T) {
					require.Equal(t, "ok", string(p.get(t, "/?"+url.QueryEscape(name))), "log: %s", p.logged(loader.LevelError))
				})
			}
		})
	}
}

// get requests a path and returns the body.
func (p *running) get(t testing.TB, path string) []byte {
	data, err := io.ReadAll(p.send(t, "GET "+path, nil).Body)
	require.NoError(t, err)
	return data
}
