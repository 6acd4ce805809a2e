//go:build !linux

package store

import "os"

// syncFile makes the bytes of a file durable.
func syncFile(f *os.File) error { return f.Sync() }
