// Package ops is the contract between JavaScript and its host: the list of ops and the encoding of their values.
//
// It is a leaf: no cgo, nothing of ours below it. Whoever adds an op adds a row to [Table], runs go generate, and
// implements it where its Owner says.
package ops

//go:generate go run ./gen -dir ..

// An ID is the position of an op in [Table].
type ID uint16
