package control

import (
	"errors"
	"io"
	"net"
	"os"
	"reflect"
	"testing"
)

func pair(t *testing.T) (a, b *Conn) {
	t.Helper()
	a, file, err := Pair()
	if err != nil {
		t.Fatal(err)
	}
	b, err = Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = a.Close(), b.Close() })
	return a, b
}

func TestMessagesKeepTheirOrderAndBounds(t *testing.T) {
	a, b := pair(t)
	sent := []*Message{
		{Kind: Doors, Doors: []Door{{Network: "tcp", Address: "127.0.0.1:0", Name: "main", TCP: true}, {Network: "unix", Address: "s", Name: "other", Place: "c.capnp:1:2"}}},
		{Kind: Ready},
		{Kind: Hold, Held: []Held{{"w", 17}}},
		{Kind: Retire, Text: "why"},
	}
	for _, m := range sent {
		if err := a.Send(m); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range sent {
		got, err := b.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// A connection that waits in the queue of a listener is not lost when one of the two processes that have it closes it.
func TestListenerGoesBesideAMessage(t *testing.T) {
	a, b := pair(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Send(&Message{Kind: Listeners, Files: []int{int(file.Fd())}}); err != nil {
		t.Fatal(err)
	}
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	_, _ = file.Close(), listener.Close()
	m, err := b.Receive()
	if err != nil || len(m.Files) != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	received := os.NewFile(uintptr(m.Files[0]), "listener")
	second, err := net.FileListener(received)
	if err != nil {
		t.Fatal(err)
	}
	_ = received.Close()
	defer func() { _ = second.Close() }()
	server, err := second.Accept()
	if err != nil {
		t.Fatal(err)
	}
	_ = server.Close()
}

func TestEndOfTheOtherSide(t *testing.T) {
	a, b := pair(t)
	_ = a.Close()
	if m, err := b.Receive(); !errors.Is(err, io.EOF) {
		t.Errorf("%+v, %v", m, err)
	}
}
