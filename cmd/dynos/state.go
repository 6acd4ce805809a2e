package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// statePatience is how long a folder may stay locked by engines whose supervisor was killed.
const statePatience = 3 * time.Second

// lockState takes the state folder for this server. The lock is one open file of the supervisor and its engines: it ends with the last
// of them, however they end.
func (c *serveCommand) lockState() (files []*os.File, release func(), err error) {
	if c.State == "" {
		return nil, func() {}, nil
	}
	if err := os.MkdirAll(c.State, 0o700); err != nil {
		return nil, nil, &inputError{"dynos: --state: " + err.Error()}
	}
	file, err := os.OpenFile(filepath.Join(c.State, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, &inputError{"dynos: --state: " + err.Error()}
	}
	for end := time.Now().Add(statePatience); ; time.Sleep(10 * time.Millisecond) {
		err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) || time.Now().After(end) {
			break
		}
	}
	if err != nil {
		_ = file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, nil, &inputError{fmt.Sprintf("dynos: %s belongs to a server that runs; stop it or choose another --state", c.State)}
		}
		return nil, nil, &inputError{fmt.Sprintf("dynos: --state: cannot lock %s: %s", file.Name(), err)}
	}
	return []*os.File{file}, func() { _ = file.Close() }, nil
}
