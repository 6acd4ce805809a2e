package store

import (
	"os"
	"syscall"
)

// syncFile makes the bytes of a file durable. It leaves the time of the last change alone, which saves a write of the file system's journal.
func syncFile(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
