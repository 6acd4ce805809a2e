package loader

import (
	"net"
	"syscall"
)

// disconnected says whether the peer has closed its side, without reading what it may have sent.
func disconnected(conn net.Conn) bool {
	return ask(conn, func(fd int) bool {
		var b [1]byte
		n, _, err := syscall.Recvfrom(fd, b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		return n == 0 && err == nil || err != nil && err != syscall.EAGAIN && err != syscall.EINTR
	})
}

// halfClosed says whether the peer of a TCP connection has closed its side, even if there is something left to read.
func halfClosed(conn net.Conn) bool {
	const established = 1
	return ask(conn, func(fd int) bool {
		info, err := syscall.GetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_INFO) // its first byte is the state
		return err == nil && byte(info) != established
	})
}

// ask answers a question about a connection's descriptor: true as well if it has none any more, false for what never has one.
func ask(conn net.Conn, question func(fd int) bool) bool {
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	rc, err := raw.SyscallConn()
	if err != nil {
		return true
	}
	yes := false
	err = rc.Control(func(fd uintptr) { yes = question(int(fd)) })
	return yes || err != nil
}
