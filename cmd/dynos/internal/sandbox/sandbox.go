// Package sandbox takes from a process what it does not need once it has started, so that JavaScript which breaks out of V8 finds little:
// no files but some folders, no other programs, no new privileges, no view of other processes.
//
// Each layer is put on by itself; a kernel that lacks one leaves the others. What a process gives up is gone for its life, and for all
// its threads. The network stays: workers fetch, and the policy of package outbound is not the kernel's to enforce.
package sandbox

import (
	"errors"
	"fmt"
	"os"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// A Layer is one kind of protection.
type Layer struct {
	// Name is short: "file system".
	Name string
	// Is says what is in force.
	Is string
	// Err says why it is missing; nil if it is in force.
	Err error
}

// Options say what a process keeps.
type Options struct {
	// ReadOnly and ReadWrite are folders, with all that is in them. They must exist.
	ReadOnly, ReadWrite []string
}

// maxFiles is how many descriptors a process may have; enough for all connections that it takes, and those that it makes.
const maxFiles = 65536

// systemFiles are what the network needs when the process runs already: names and authorities. A program reads its own maps.
var systemFiles = []string{
	"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/services", "/etc/gai.conf", "/etc/localtime",
}

var systemFolders = []string{
	"/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
	"/usr/share/zoneinfo", "/run/systemd/resolve", "/proc/self",
}

// Enter puts on all layers. It takes a millisecond or less.
func Enter(o Options) []Layer {
	return []Layer{
		{"core dumps", "none are written", limit(unix.RLIMIT_CORE, 0)},
		{"open files", fmt.Sprintf("at most %d", maxFiles), limit(unix.RLIMIT_NOFILE, maxFiles)},
		{"file system", "landlock: only folders that the server needs", restrictFiles(o)},
		{"system calls", "seccomp: no programs, no other processes, no administration", filterCalls()},
		{"new privileges", "no_new_privs: none can be gained", checkNoNewPrivileges()},
	}
}

// limit lowers a limit for good.
func limit(resource int, to uint64) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(resource, &now); err != nil {
		return err
	}
	if now.Max < to {
		to = now.Max
	}
	return unix.Setrlimit(resource, &unix.Rlimit{Cur: to, Max: to})
}

// restrictFiles leaves some folders, by Landlock of the first version or a later one.
func restrictFiles(o Options) error {
	if err := landlockWorks(); err != nil {
		return err
	}
	rules := []landlock.Rule{
		landlock.ROFiles(systemFiles...).IgnoreIfMissing(),
		landlock.RODirs(append(systemFolders, o.ReadOnly...)...).IgnoreIfMissing(),
	}
	if len(o.ReadWrite) > 0 {
		rules = append(rules, landlock.RWDirs(o.ReadWrite...))
	}
	return landlock.V5.BestEffort().RestrictPaths(rules...)
}

// landlockWorks asks the kernel for its version of Landlock.
func landlockWorks() error {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	switch {
	case errno != 0:
		return fmt.Errorf("this kernel has no landlock: %w", errno)
	case version < 1:
		return errors.New("this kernel has no landlock")
	}
	return nil
}

// checkNoNewPrivileges says whether the others have set this, as both need it.
func checkNoNewPrivileges() error {
	is, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err != nil {
		return err
	}
	if is != 1 {
		return errors.New("not set")
	}
	return nil
}

// Missing are the layers that are not in force.
func Missing(layers []Layer) (list []Layer) {
	for _, l := range layers {
		if l.Err != nil {
			list = append(list, l)
		}
	}
	return list
}

// CloseOnExec marks every descriptor from a number on, so that children get only those that they are given.
func CloseOnExec(from uint) error {
	return os.NewSyscallError("close_range", unix.CloseRange(from, ^uint(0)>>33, unix.CLOSE_RANGE_CLOEXEC))
}
