// Package wpt runs suites of a checkout of the Web Platform Tests, each file in a dynamic worker, and compares with the lists in
// testdata/wpt: what is expected to fail, and why. A failure that is not listed fails `make wpt WPT=DIR`, and so does a pass of what
// is. The tests are not part of this tree.
//
// The folder runner is the worker that runs them. Served by another runtime, it shows what that does: ARGS='-at URL'.
package wpt
