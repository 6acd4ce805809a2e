package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A process is one runtime that serves.
type process struct {
	name    string
	address string
	cmd     *exec.Cmd
	started time.Time
	output  bytes.Buffer
	done    chan struct{} // closed when it has ended
}

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 5 * time.Second
)

// start runs the runtime on a free port, in a process group of its own, and returns once it accepts connections.
func start(ctx context.Context, runtime *runtimeUnderTest) (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd, err := runtime.command(port)
	if err != nil {
		return nil, err
	}
	p := &process{name: runtime.name, address: fmt.Sprintf("127.0.0.1:%d", port), cmd: cmd, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.output, &p.output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.started = time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		cmd.Wait()
		close(p.done)
	}()
	if err := p.await(ctx); err != nil {
		p.stop()
		return nil, fmt.Errorf("%s: %w\n%s", p.name, err, p.output.Bytes())
	}
	return p, nil
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// await polls the port: that works with every runtime.
func (p *process) await(ctx context.Context) error {
	deadline := time.After(startTimeout)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := net.Dial("tcp", p.address)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return errors.New("does not listen")
		case <-p.done:
			return errors.New("ended before it listened")
		case <-tick.C:
		}
	}
}

// stop ends the process and all that it started.
func (p *process) stop() {
	syscall.Kill(-p.cmd.Process.Pid, syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(stopTimeout):
	}
	syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.done
}

// memory is the resident size in bytes of the process and its descendants; 0 where there is no /proc.
func (p *process) memory() int64 {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	parents := make(map[int]int, len(stats))
	pages := make(map[int]int64, len(stats))
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name is in parentheses and may contain anything; the parent is the 4th field, the size in pages the 24th.
		end := bytes.LastIndexByte(text, ')')
		fields := strings.Fields(string(text[end+1:]))
		if end < 0 || len(fields) < 22 {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parents[pid], _ = strconv.Atoi(fields[1])
		pages[pid], _ = strconv.ParseInt(fields[21], 10, 64)
	}
	var sum int64
	for pid := range pages {
		if descends(parents, pid, p.cmd.Process.Pid) {
			sum += pages[pid] * int64(os.Getpagesize())
		}
	}
	return sum
}

func descends(parents map[int]int, pid, ancestor int) bool {
	for ; pid > 0; pid = parents[pid] {
		if pid == ancestor {
			return true
		}
	}
	return false
}
