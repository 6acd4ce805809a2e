// Package wdconfig reads the text configuration of the open reference runtime: `.capnp` files to serve from and `.wd-test` files to test with.
//
//	config, warnings, err := wdconfig.Load("config.capnp", wdconfig.Options{})
//	if err != nil {
//		// err is an *Error: everything that is wrong, each with its file, line and column.
//	}
//	plan, err := config.Plan(wdconfig.PlanOptions{})
//	if err != nil {
//		// an *Error as well: what refers to nothing, and what dynos does not have.
//	}
//	defer plan.Close()
//	rt, err := loader.New(plan.Loader)
//
// Load knows the language and the schema, Plan what dynos can do of it. The language is the text format of Cap'n Proto
// (https://capnproto.org/language.html) as far as configurations use it: `using`, `const`, `import`, `embed` and values, no declarations of types.
// The schema is the Go types of schema*.go: a field there is a field of the language, its tags say how it is called, whether it is a member of a
// union, and what to say if dynos cannot serve it.
//
// Nothing that a file says makes the reader loop, recurse without bound or read what is not a regular file.
package wdconfig
