package load

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

func TestHistogramQuantiles(t *testing.T) {
	var h Histogram
	for i := 1; i <= 1000; i++ {
		h.Add(time.Duration(i) * time.Microsecond)
	}
	for q, want := range map[float64]time.Duration{0.5: 500 * time.Microsecond, 0.99: 990 * time.Microsecond, 1: 1000 * time.Microsecond} {
		if got := h.Quantile(q); got < want*96/100 || got > want*104/100 {
			t.Errorf("quantile %v is %v, not about %v", q, got, want)
		}
	}
}

func TestHistogramBucketsAreInOrder(t *testing.T) {
	last := -1
	for v := uint64(0); v < 1<<20; v += 7 {
		b := bucket(v)
		if b < last {
			t.Fatalf("%d is in bucket %d, after %d", v, b, last)
		}
		last = b
		if m := middle(b); m+v/16+1 < v || m > v+v/16+1 {
			t.Fatalf("the middle of %d is %d", v, m)
		}
	}
}

// serve answers with the handler on a free port.
func serve(t *testing.T, handler fasthttp.RequestHandler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &fasthttp.Server{Handler: handler}
	go server.Serve(listener)
	t.Cleanup(func() { server.Shutdown() })
	return listener.Addr().String()
}

func TestRunCountsRightAndWrongAnswers(t *testing.T) {
	var asked atomic.Int64
	address := serve(t, func(ctx *fasthttp.RequestCtx) {
		if asked.Add(1)%10 == 0 {
			ctx.SetStatusCode(500)
		}
		ctx.SetBodyString("ok")
	})
	result, err := Run(context.Background(), Options{
		Address: address, Conns: 4, Requests: 1000,
		Request: []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
		Check: func(status int, body []byte) error {
			if status != 200 || string(body) != "ok" {
				return fmt.Errorf("%d %s", status, body)
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if result.Requests != 900 || result.Failures != 100 {
		t.Errorf("%d right and %d wrong answers, not 900 and 100", result.Requests, result.Failures)
	}
	if result.Failure == nil || !strings.Contains(result.Failure.Error(), "500") {
		t.Errorf("first failure: %v", result.Failure)
	}
	if result.PerSecond() <= 0 || result.Latency.Quantile(0.5) <= 0 {
		t.Error("no rate or no latency")
	}
}

func TestRunFollowsAServerThatCloses(t *testing.T) {
	address := serve(t, func(ctx *fasthttp.RequestCtx) { ctx.SetConnectionClose() })
	result, err := Run(context.Background(), Options{
		Address: address, Conns: 2, Requests: 50,
		Request: []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
		Check:   func(int, []byte) error { return nil },
	})
	if err != nil || result.Requests != 50 || result.Failures != 0 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestRunSaysThatNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	if _, err := Run(context.Background(), Options{Address: address, Conns: 1, Requests: 1}); err == nil {
		t.Error("no error")
	}
}
