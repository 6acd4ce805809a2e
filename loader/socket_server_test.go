package loader_test

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader"
)

// connServer serves connections to an export of a worker that echoes them.
func connServer(t *testing.T, entrypoint string, most int) (address string, s *loader.ConnServer) {
	t.Helper()
	p, err := start(t, worker(`
import { WorkerEntrypoint } from "cloudflare:workers";
export class Echo extends WorkerEntrypoint {
	async connect(socket) {
		const { localAddress } = await socket.opened;
		const writer = socket.writable.getWriter();
		await writer.write(new TextEncoder().encode(localAddress + " "));
		for await (const chunk of socket.readable) await writer.write(chunk);
		await writer.close();
	}
}
export class Failing extends WorkerEntrypoint {
	connect() { throw new Error("no"); }
}
export default {};`))
	require.NoError(t, err)
	s, err = p.ConnServerFor(loader.Service{Worker: "test", Entrypoint: entrypoint}, most)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		require.NoError(t, s.ShutdownWithContext(ctx))
		require.NoError(t, <-ended)
	})
	return listener.Addr().String(), s
}

func dial(t *testing.T, address string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn.(*net.TCPConn)
}

// Each side of a connection ends by itself, and what comes before arrives.
func TestConnServer(t *testing.T) {
	address, _ := connServer(t, "Echo", 0)
	for _, text := range []string{"", "hello", string(make([]byte, 1<<20))} {
		conn := dial(t, address)
		go func() {
			_, _ = conn.Write([]byte(text))
			_ = conn.CloseWrite()
		}()
		all, err := io.ReadAll(conn)
		require.NoError(t, err)
		require.Equal(t, address+" "+text, string(all))
	}
}

// A handler that fails ends its connection, and so does a client that leaves; more connections than may be are closed.
func TestConnServerEnds(t *testing.T) {
	failing, _ := connServer(t, "Failing", 0)
	_, _ = io.Copy(io.Discard, dial(t, failing))
	address, s := connServer(t, "Echo", 1)
	first := dial(t, address)
	b := make([]byte, 1)
	_, err := io.ReadFull(first, b)
	require.NoError(t, err)
	second, err := io.ReadAll(dial(t, address))
	require.Empty(t, second)
	_ = err // closed, or reset
	require.EqualValues(t, 1, s.GetOpenConnectionsCount())
	require.NoError(t, first.SetLinger(0))
	require.NoError(t, first.Close())
	require.Eventually(t, func() bool { return s.GetOpenConnectionsCount() == 0 }, 5*time.Second, time.Millisecond)
}

func TestConnServerRefuses(t *testing.T) {
	p, err := start(t, worker(`export default {};`))
	require.NoError(t, err)
	_, err = p.ConnServerFor(loader.Service{Worker: "nobody"}, 0)
	require.Error(t, err)
}
