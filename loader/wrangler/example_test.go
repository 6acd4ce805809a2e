package wrangler_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/dynos-run/dynos/loader/wrangler"
)

func ExampleLoad() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		return
	}
	defer os.RemoveAll(dir)
	config := `{ "name": "hello", "main": "index.ts", "compatibility_date": "2026-01-01", "vars": { "GREETING": "hi" } }`
	source := `export default { fetch: (request: Request, env: Env) => new Response(env.GREETING) };`
	os.WriteFile(filepath.Join(dir, "wrangler.jsonc"), []byte(config), 0o644)
	os.WriteFile(filepath.Join(dir, "index.ts"), []byte(source), 0o644)

	project, err := wrangler.Load(dir, wrangler.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	project.Describe(os.Stdout)
	bundle, err := project.Bundle()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(bundle.Main, bundle.Modules[0].Kind, bundle.Exports)
	// Output:
	// worker             hello
	// configuration      wrangler.jsonc
	// main               index.ts
	// compatibility      2026-01-01
	// vars
	//   GREETING         "hi"
	// index.js es [default]
}
