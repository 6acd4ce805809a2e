package loader_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/outbound"
	"github.com/dynos-run/dynos/loader"
)

// tcpServer serves each connection with a function, which gets it without its end being taken for the end of what is written.
func tcpServer(t *testing.T, serve func(conn *net.TCPConn)) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn.(*net.TCPConn))
			}()
		}
	}()
	return listener.Addr().String()
}

// lineServer answers lines: "bye" ends its side, "reset" the connection.
func lineServer(t *testing.T, closed chan<- error) string {
	return tcpServer(t, func(conn *net.TCPConn) {
		lines := bufio.NewReader(conn)
		for {
			line, err := lines.ReadString('\n')
			switch {
			case err != nil:
				if closed != nil {
					closed <- err
				}
				return
			case line == "bye\n":
				_, _ = io.WriteString(conn, "goodbye")
				_ = conn.CloseWrite()
			case line == "reset\n":
				_ = conn.SetLinger(0)
				return
			default:
				_, _ = io.WriteString(conn, "echo "+line)
			}
		}
	})
}

// tcpClient is a worker with cases by path, for the address of the search; the helpers stand before them.
func tcpClient(cases string) string {
	return `
	import { connect } from "cloudflare:sockets";
	const encode = (text) => new TextEncoder().encode(text);
	const decode = (bytes) => new TextDecoder().decode(bytes);
	const all = async (readable) => {
		let text = "";
		for await (const chunk of readable) text += decode(chunk);
		return text;
	};
	const outcome = (promise) => Promise.race([
		promise.then((v) => "ok " + JSON.stringify(v), (e) => e.constructor.name + ": " + e.message),
		scheduler.wait(60).then(() => "pending"),
	]);
	const line = async (socket, text) => {
		const writer = socket.writable.getWriter();
		await writer.write(encode(text + "\n"));
		writer.releaseLock();
		const reader = socket.readable.getReader();
		const { value } = await reader.read();
		reader.releaseLock();
		return decode(value);
	};
	const cases = {` + cases + `};
	export default {
		async fetch(request) {
			const url = new URL(request.url);
			const result = await cases[url.pathname.slice(1)](url.search.slice(1));
			return result instanceof Response ? result : Response.json(result);
		},
	};`
}

// What the reference runtime gives for the same server.
func TestSocketToTheNetwork(t *testing.T) {
	p := withNetwork(t, tcpClient(`
		async echo(address) {
			const socket = connect(address);
			const list = [await socket.opened, await line(socket, "hi"), await outcome(socket.closed), await outcome(socket.close()), await outcome(socket.closed)];
			return list;
		},
		async bye(address) {
			const socket = connect(address);
			const writer = socket.writable.getWriter();
			await writer.write(encode("bye\n"));
			return [await all(socket.readable), await outcome(socket.closed), await outcome(writer.closed), await outcome(writer.write(encode("x")))];
		},
		async half(address) {
			const socket = connect(address, { allowHalfOpen: true });
			const writer = socket.writable.getWriter();
			await writer.write(encode("bye\n"));
			return [await all(socket.readable), await outcome(socket.closed), await outcome(writer.write(encode("x\n"))), await outcome(writer.close())];
		},
		async reset(address) {
			const socket = connect(address);
			const writer = socket.writable.getWriter();
			await writer.write(encode("reset\n"));
			return [await outcome(all(socket.readable)), await outcome(socket.closed), await outcome(writer.write(encode("x")))];
		},
		async end(address) {
			const socket = connect(address);
			const writer = socket.writable.getWriter();
			await writer.close();
			return [await outcome(all(socket.readable)), await outcome(socket.closed), await outcome(writer.closed)];
		},
		async refused() {
			const socket = connect("127.0.0.1:1");
			return [await outcome(socket.opened), await outcome(socket.closed), await outcome(all(socket.readable)), await outcome(socket.writable.getWriter().write(encode("x")))];
		},
		async name() {
			return outcome(connect("no.such.invalid:80").opened);
		},
		async close(address) {
			const socket = connect(address);
			const writer = socket.writable.getWriter();
			const written = writer.write(encode("data\n"));
			return [await outcome(socket.close()), await outcome(written), await outcome(writer.closed)];
		},
		async response(address) {
			const socket = connect(address);
			const writer = socket.writable.getWriter();
			await writer.write(encode("bye\n"));
			return new Response(socket.readable);
		},
		async plain(address) {
			const socket = connect(address, { secureTransport: "starttls" });
			await socket.opened;
			const secure = socket.startTls();
			const opened = await outcome(secure.opened);
			return [opened.startsWith("Error: internal error; reference = "), await outcome(socket.closed), socket.upgraded, await outcome(connect(address, { secureTransport: "on" }).opened)];
		},
	`), nil)
	address := lineServer(t, nil)
	const refused = "Error: proxy request failed, cannot connect to the specified address"
	for path, want := range map[string]string{
		"echo":     `[{"remoteAddress":"` + address + `"},"echo hi\n","pending","ok undefined","ok undefined"]`,
		"bye":      `["goodbye","ok undefined","ok undefined","TypeError: This WritableStream has been closed."]`,
		"half":     `["goodbye","pending","ok undefined","ok undefined"]`,
		"reset":    `["Error: Network connection lost.","ok undefined","Error: Network connection lost."]`,
		"end":      `["ok \"\"","ok undefined","ok undefined"]`,
		"refused":  `["` + refused + `","` + refused + `","ok \"\"","` + refused + `"]`,
		"name":     `"` + refused + `. It looks like you might be trying to connect to a HTTP-based service ` + "\u2014" + ` consider using fetch instead"`,
		"close":    `["ok undefined","ok undefined","TypeError: This socket has been closed."]`,
		"response": `goodbye`,
		"plain":    `[true,"ok undefined",true,"` + refused + `"]`,
	} {
		require.Equal(t, want, string(p.get(t, "/"+path+"?"+address)), path)
	}
}

// TLS from the start and later, over a server whose certificate is for example.com.
func TestSocketTLS(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	t.Cleanup(certified.Close)
	config := &tls.Config{Certificates: certified.TLS.Certificates}
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	address := tcpServer(t, func(conn *net.TCPConn) {
		first := make([]byte, 1)
		if _, err := io.ReadFull(conn, first); err != nil {
			return
		}
		var secure *tls.Conn
		if first[0] == 's' { // STARTTLS
			_, _ = conn.Read(make([]byte, 100))
			_, _ = io.WriteString(conn, "go\n")
			secure = tls.Server(conn, config)
		} else {
			secure = tls.Server(&prefixed{conn, first}, config)
		}
		text := make([]byte, 5)
		if _, err := io.ReadFull(secure, text); err == nil {
			_, _ = secure.Write([]byte("secret " + string(text)))
			_ = secure.CloseWrite()
		}
	})
	p := withNetwork(t, tcpClient(`
		async on(address) {
			const socket = connect(address, { secureTransport: "on" });
			await socket.writable.getWriter().write(encode("hello"));
			return [socket.secureTransport, await all(socket.readable), await outcome(socket.closed)];
		},
		async later(address) {
			const socket = connect(address, { secureTransport: "starttls" });
			const answer = await line(socket, "starttls");
			const secure = socket.startTls();
			const writer = secure.writable.getWriter();
			writer.write(encode("hello"));
			const states = [socket.secureTransport, secure.secureTransport, secure.upgraded];
			return [answer, ...states, await secure.opened, await all(secure.readable), await outcome(socket.closed), socket.upgraded];
		},
		async name(address) {
			const socket = connect(address, { secureTransport: "starttls" });
			await line(socket, "starttls");
			const secure = socket.startTls({ expectedServerHostname: "example.org" });
			return (await outcome(secure.opened)).split("=")[0];
		},
	`), roots)
	require.Equal(t, `["on","secret hello","ok undefined"]`, string(p.get(t, "/on?"+address)))
	require.Equal(t, `["go\n","starttls","on",false,{"remoteAddress":"`+address+`"},"secret hello","ok undefined",true]`, string(p.get(t, "/later?"+address)))
	require.Equal(t, `"Error: internal error; reference "`, string(p.get(t, "/name?"+address)), "the certificate is for somebody else")
}

// prefixed is a connection of which something was read.
type prefixed struct {
	net.Conn
	first []byte
}

func (c *prefixed) Read(p []byte) (int, error) {
	if len(c.first) > 0 {
		n := copy(p, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

// Data streams both ways, and a server that does not read holds up the worker.
func TestSocketBackpressure(t *testing.T) {
	release := make(chan struct{})
	address := tcpServer(t, func(conn *net.TCPConn) {
		<-release
		_, _ = io.Copy(conn, conn)
	})
	p := withNetwork(t, tcpClient(`
		async pump(address) {
			const socket = connect(address);
			const writer = socket.writable.getWriter();
			const chunk = new Uint8Array(1 << 20);
			let written = 0;
			const writing = (async () => {
				for (; written < 64; written++) await writer.write(chunk);
				await writer.close();
			})();
			let before = -1;
			while (before !== written) {
				before = written;
				await scheduler.wait(100);
			}
			await fetch(new URL("http://"+ control));
			let read = 0;
			for await (const bytes of socket.readable) read += bytes.length;
			await writing;
			return [before < 64, read];
		},
	`)+"const control = \""+tcpServer(t, func(conn *net.TCPConn) {
		_, _ = conn.Read(make([]byte, 1000))
		close(release)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	})+"\";", nil)
	require.Equal(t, fmt.Sprintf("[true,%d]", 64<<20), string(p.get(t, "/pump?"+address)))
}

// A connection ends with the request that has opened it.
func TestSocketEndsWithItsRequest(t *testing.T) {
	closed := make(chan error, 10)
	address := lineServer(t, closed)
	p := withNetwork(t, tcpClient(`
		async leave(address) {
			const socket = connect(address);
			return line(socket, "x");
		},
		async hang(address) {
			const socket = connect(address);
			await socket.opened;
			await socket.close();
			await new Promise(() => {});
		},
	`), nil)
	require.Equal(t, `"echo x\n"`, string(p.get(t, "/leave?"+address)))
	require.Error(t, <-closed)

	require.Equal(t, 500, p.send(t, "GET /hang?"+address, nil).StatusCode, "a socket that is closed brings nothing any more")
	require.Contains(t, p.logged(loader.LevelError), "detected that your Worker's code had hung")
}

// The network decides about the address that a name resolves to, and a network that is no Dialer has no sockets.
func TestSocketsThatAreRefused(t *testing.T) {
	source := tcpClient(`async connect(address) { return outcome(connect(address).opened); },`)
	address := lineServer(t, nil)
	config := worker(source)
	network := outbound.New(outbound.Options{}) // public addresses only
	t.Cleanup(func() { require.NoError(t, network.Close()) })
	config.Outbound = network
	p, err := start(t, config)
	require.NoError(t, err)
	const refused = `"Error: proxy request failed, cannot connect to the specified address"`
	require.Equal(t, refused, string(p.get(t, "/connect?"+address)))
	require.Equal(t, refused, string(p.get(t, "/connect?"+strings.Replace(address, "127.0.0.1", "localhost", 1))))

	config.Outbound = outbound.Func(func(context.Context, *bindings.Request) (*bindings.Response, error) { return nil, io.EOF })
	p, err = start(t, config)
	require.NoError(t, err)
	require.Equal(t, refused, string(p.get(t, "/connect?"+address)))
}

// A net.Socket says why it is not connected.
func TestNodeSocketErrors(t *testing.T) {
	config := worker(`
import net from "node:net";
export default {
  async fetch(request) {
    const events = [];
    const socket = net.connect(1, "127.0.0.1");
    socket.on("connectionAttemptFailed", (...args) => events.push(args.slice(0, 3)));
    socket.on("error", (error) => events.push([error.message, { ...error }]));
    await new Promise((resolve) => socket.on("close", (failed) => resolve(events.push(failed))));
    return Response.json(events);
  },
};`)
	config.Workers[0].CompatibilityFlags = []string{"nodejs_compat"}
	policy, err := outbound.NewPolicy([]string{"loopback"}, nil)
	require.NoError(t, err)
	network := outbound.New(outbound.Options{Policy: policy})
	t.Cleanup(func() { require.NoError(t, network.Close()) })
	config.Outbound = network
	p, err := start(t, config)
	require.NoError(t, err)
	require.JSONEq(t, `[
		["127.0.0.1", 1, 4],
		["connect ECONNREFUSED 127.0.0.1:1", {"code": "ECONNREFUSED", "errno": -111, "syscall": "connect", "address": "127.0.0.1", "port": 1}],
		true
	]`, string(p.get(t, "/")))
}
