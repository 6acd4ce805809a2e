package main

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
)

// A client that takes nothing keeps the kernel from taking more than a little of its response.
func TestConnectionsKeepLittleUnsent(t *testing.T) {
	listener, err := listen(&control.Door{Network: "tcp", Address: "127.0.0.1:0"})
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	client, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	defer func() { _ = client.Close() }()
	require.NoError(t, client.(*net.TCPConn).SetReadBuffer(4096))
	conn, err := listener.Accept()
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.SetWriteDeadline(time.Now().Add(200*time.Millisecond)))
	n, err := conn.Write(make([]byte, 64<<20))
	require.ErrorContains(t, err, "timeout")
	require.Less(t, n, 1<<20)
}
