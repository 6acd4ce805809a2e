// Package wrangler reads a Workers project: its configuration file, its variables and its source.
//
//	project, err := wrangler.Load("./my-worker", wrangler.Options{Env: "staging"})
//	if err != nil {
//		// err is an *Error: every problem of the file, each with its line and column.
//	}
//	for _, d := range project.Warnings {
//		fmt.Fprintln(os.Stderr, d)
//	}
//	bundle, err := project.Bundle()
//
// Load accepts what Cloudflare's own tool accepts: wrangler.jsonc, wrangler.json and wrangler.toml with named environments, .dev.vars and .env files.
// Bundle compiles TypeScript, JSX and npm imports with esbuild, in process, and says what the runtime has to load. Neither starts a process nor
// writes a file.
//
// The package knows nothing of the runtime: it gives plain values, and whoever starts workers turns them into its own.
//
// The one place to add a configuration key is the table in schema.go.
package wrangler
