package store

import "syscall"

// filesPerObject is how many descriptors an open object takes: the database, its log, and that of the flusher.
const filesPerObject = 3

// defaultOpen is how many objects are open, of a process that may have so many files.
func defaultOpen(files uint64) int {
	return int(min(max(files/4/filesPerObject, minOpen), DefaultMaxOpen))
}

// openLimit is how many files the process may have open. The Go runtime has raised it as far as it can be.
func openLimit() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return uint64(limit.Cur)
}
