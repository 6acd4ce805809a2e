package sandbox

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// refused are the system calls that fail with EPERM. A list of what is allowed would break with each new version of Go, of V8 or of
// the C library; these are what none of them needs and an intruder wants.
var refused = []int{
	// Other programs.
	unix.SYS_EXECVE, unix.SYS_EXECVEAT, unix.SYS_FORK, unix.SYS_VFORK,
	// Other processes.
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PROCESS_MADVISE, unix.SYS_KCMP, unix.SYS_TKILL,
	unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_RT_SIGQUEUEINFO,
	// Large parts of the kernel that many holes were in.
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL, unix.SYS_MODIFY_LDT, unix.SYS_PERSONALITY, unix.SYS_FANOTIFY_INIT,
	// The file system beside its paths.
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_MOVE_MOUNT, unix.SYS_OPEN_TREE, unix.SYS_FSOPEN,
	unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR, unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_OPEN_BY_HANDLE_AT,
	unix.SYS_MKNOD, unix.SYS_MKNODAT, unix.SYS_QUOTACTL, unix.SYS_ACCT, unix.SYS_SWAPON, unix.SYS_SWAPOFF,
	// The machine.
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_REBOOT, unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD, unix.SYS_INIT_MODULE,
	unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE, unix.SYS_IOPL, unix.SYS_IOPERM, unix.SYS_SYSLOG, unix.SYS_VHANGUP,
	unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_CLOCK_ADJTIME, unix.SYS_ADJTIMEX, unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME,
}

// families are the kinds of sockets that there may be.
var families = []uint32{unix.AF_UNIX, unix.AF_INET, unix.AF_INET6, unix.AF_NETLINK}

// Where struct seccomp_data has its fields; arguments are 64 bits wide, the lower half first.
const (
	offsetNumber   = 0
	offsetArch     = 4
	offsetArgument = 16
	x32Bit         = 0x40000000
)

var (
	allow       = bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW}
	refuse      = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
	pretendNone = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)}
	kill        = bpf.RetConstant{Val: unix.SECCOMP_RET_KILL_PROCESS}
)

// program is the filter. Calls of another architecture would have other numbers: nobody makes those with a good intention.
func program(pid int) []bpf.Instruction {
	p := []bpf.Instruction{
		bpf.LoadAbsolute{Off: offsetArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.AUDIT_ARCH_X86_64, SkipTrue: 1},
		kill,
		bpf.LoadAbsolute{Off: offsetNumber, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpLessThan, Val: x32Bit, SkipTrue: 1},
		pretendNone,
	}
	for _, number := range refused {
		p = append(p, on(number, refuse)...)
	}
	// The C library falls back to clone, whose flags a filter can read: threads only.
	p = append(p, on(unix.SYS_CLONE3, pretendNone)...)
	p = append(p, on(unix.SYS_CLONE, argument(0), bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: unix.CLONE_THREAD, SkipTrue: 1}, refuse, allow)...)
	// Signals to itself only; Go preempts with them.
	for _, number := range []int{unix.SYS_TGKILL, unix.SYS_KILL} {
		p = append(p, on(number, argument(0), bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(pid), SkipTrue: 1}, refuse, allow)...)
	}
	sockets := []bpf.Instruction{argument(0)}
	for k, family := range families {
		sockets = append(sockets, bpf.JumpIf{Cond: bpf.JumpEqual, Val: family, SkipTrue: uint8(len(families) - k)})
	}
	p = append(p, on(unix.SYS_SOCKET, append(sockets, refuse, allow)...)...)
	return append(p, allow)
}

// on is what to do about one system call. The instructions end with a return.
func on(number int, what ...bpf.Instruction) []bpf.Instruction {
	return append([]bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: uint32(number), SkipTrue: uint8(len(what))}}, what...)
}

func argument(n uint32) bpf.Instruction {
	return bpf.LoadAbsolute{Off: offsetArgument + 8*n, Size: 4}
}

// filterCalls puts the filter on all threads; the kernel sees to it that none is left out.
func filterCalls() error {
	raw, err := bpf.Assemble(program(os.Getpid()))
	if err != nil {
		return err
	}
	filter := make([]unix.SockFilter, len(raw))
	for k, i := range raw {
		filter[k] = unix.SockFilter{Code: i.Op, Jt: i.Jt, Jf: i.Jf, K: i.K}
	}
	runtime.LockOSThread() // both calls are of one thread, and the second gives the others what the first has set
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	code := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	failed, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&code)))
	switch {
	case errno != 0:
		return os.NewSyscallError("seccomp", errno)
	case failed != 0:
		return fmt.Errorf("seccomp: thread %d cannot be filtered", failed)
	}
	return nil
}
