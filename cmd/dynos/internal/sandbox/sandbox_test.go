package sandbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// role tells a copy of the test binary to enter the sandbox: what it gives up is gone for good.
const role = "DYNOS_TEST_SANDBOX"

func TestMain(m *testing.M) {
	if folders := os.Getenv(role); folders != "" {
		os.Exit(inside(folders))
	}
	os.Exit(m.Run())
}

// An attempt is something that a process in the sandbox tries.
type attempt struct {
	name string
	do   func(folder string) error
	want error // nil if it shall succeed
}

var attempts = []attempt{
	{"write into its folder", func(f string) error { return os.WriteFile(filepath.Join(f, "rw", "new"), []byte("x"), 0o600) }, nil},
	{"make a folder there", func(f string) error { return os.Mkdir(filepath.Join(f, "rw", "folder"), 0o700) }, nil},
	{"read a file in a folder that it may read", func(f string) error { return read(filepath.Join(f, "ro", "file")) }, nil},
	{"write there", func(f string) error { return os.WriteFile(filepath.Join(f, "ro", "new"), []byte("x"), 0o600) }, syscall.EACCES},
	{"read beside its folders", func(f string) error { return read(filepath.Join(f, "secret")) }, syscall.EACCES},
	{"read through a link out of its folder", func(f string) error { return read(filepath.Join(f, "rw", "link")) }, syscall.EACCES},
	{"read /etc/passwd", func(string) error { return read("/etc/passwd") }, syscall.EACCES},
	{"list the root", func(string) error { _, err := os.ReadDir("/"); return err }, syscall.EACCES},
	{"look up names", func(string) error { return read("/etc/hosts") }, nil},
	{"read its own maps", func(string) error { return read("/proc/self/maps") }, nil},
	{"read another process", func(string) error { return read(fmt.Sprintf("/proc/%d/environ", os.Getppid())) }, syscall.EACCES},
	{"run a program", func(string) error { return call(unix.SYS_EXECVE) }, syscall.EPERM},
	{"signal another process", func(string) error { return syscall.Kill(os.Getppid(), 0) }, syscall.EPERM},
	{"signal its group", func(string) error { return syscall.Kill(0, 0) }, syscall.EPERM},
	{"signal itself", func(string) error { return syscall.Kill(os.Getpid(), 0) }, nil},
	{"trace", func(string) error { return syscall.PtraceAttach(os.Getppid()) }, syscall.EPERM},
	{"mount", func(f string) error { return syscall.Mount("none", f, "tmpfs", 0, "") }, syscall.EPERM},
	{"make a namespace", func(string) error { return syscall.Unshare(syscall.CLONE_NEWUSER) }, syscall.EPERM},
	{"make a raw socket of the link layer", func(string) error { return socket(unix.AF_PACKET) }, syscall.EPERM},
	{"make a socket", func(string) error { return socket(unix.AF_INET) }, nil},
	{"make a thread in the new way", func(string) error { return call(unix.SYS_CLONE3) }, syscall.ENOSYS},
	{"make a process", func(string) error { return call(unix.SYS_CLONE) }, syscall.EPERM},
	{"use io_uring", func(string) error { return call(unix.SYS_IO_URING_SETUP) }, syscall.EPERM},
	{"connect", connect, nil},
}

func read(path string) error {
	_, err := os.ReadFile(path)
	return err
}

func socket(family int) error {
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err == nil {
		_ = unix.Close(fd)
	}
	return err
}

func call(number uintptr) error {
	if _, _, errno := unix.RawSyscall(number, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

func connect(string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return err
	}
	return conn.Close()
}

// inside enters the sandbox with threads that were there before, and makes every attempt on one of those and on a new one.
func inside(folder string) int {
	old := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range old {
			f()
		}
	}()
	ready := make(chan struct{})
	old <- func() { close(ready) }
	<-ready
	for _, l := range Missing(Enter(Options{ReadOnly: []string{folder + "/0/ro", folder + "/1/ro"}, ReadWrite: []string{folder + "/0/rw", folder + "/1/rw"}})) {
		fmt.Printf("%s: %s\n", l.Name, l.Err)
		return 1
	}
	failed := 0
	for _, a := range attempts {
		for k, run := range []func(func()){func(f func()) { old <- f }, func(f func()) { go func() { runtime.LockOSThread(); f() }() }} {
			result := make(chan error)
			where := fmt.Sprintf("%s/%d", folder, k)
			run(func() { result <- a.do(where) })
			if err := <-result; !errors.Is(err, a.want) || a.want == nil && err != nil {
				fmt.Printf("thread %d: %s: %v, want %v\n", k, a.name, err, a.want)
				failed++
			}
		}
	}
	return min(failed, 1)
}

func TestSandbox(t *testing.T) {
	base := t.TempDir()
	for k := range 2 {
		folder := fmt.Sprintf("%s/%d", base, k)
		for _, name := range []string{"rw", "ro"} {
			require.NoError(t, os.MkdirAll(filepath.Join(folder, name), 0o700))
		}
		require.NoError(t, os.WriteFile(filepath.Join(folder, "secret"), []byte("x"), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "ro", "file"), []byte("x"), 0o600))
		require.NoError(t, os.Symlink("../secret", filepath.Join(folder, "rw", "link")))
	}
	self, err := os.Executable()
	require.NoError(t, err)
	command := exec.Command(self)
	command.Env = append(os.Environ(), role+"="+base)
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
}

// A call of the 32-bit architecture, whose numbers mean other calls, would walk round the list.
func TestProgramKnowsOneArchitecture(t *testing.T) {
	p := program(1)
	require.Equal(t, kill, p[2])
	require.Equal(t, allow, p[len(p)-1])
}

func TestMissing(t *testing.T) {
	reason := errors.New("no")
	require.Equal(t, []Layer{{"b", "", reason}}, Missing([]Layer{{"a", "", nil}, {"b", "", reason}}))
}
