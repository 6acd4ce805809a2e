// Package wpt runs suites of a checkout of the Web Platform Tests, each file in a worker of its own, and compares with the lists in
// testdata/wpt: what is expected to fail, and how many subtests pass. A failure that is not listed fails `make wpt WPT=DIR`, and so
// does a pass of what is. The tests are not part of this tree.
package wpt
