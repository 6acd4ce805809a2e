// Package load is a load generator: one request, over and over, on keep-alive connections, every answer checked.
package load

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// Options say what to ask and how hard.
type Options struct {
	// Address is where the server listens, host:port.
	Address string
	// Request is the whole request as bytes.
	Request []byte
	// Check says what is wrong with an answer; the body is valid during the call.
	Check func(status int, body []byte) error
	// Conns is the number of connections; each has one request in flight.
	Conns int
	// Warmup comes before Duration and is not counted.
	Warmup time.Duration
	// Duration is how long to ask. With Requests, it is an upper bound; 0 is none then.
	Duration time.Duration
	// Requests is how many times to ask; 0 means until Duration is over.
	Requests int64
}

// A Result is what came back.
type Result struct {
	// Requests counts right answers, Failures wrong and missing ones.
	Requests, Failures int64
	// Failure is the first failure.
	Failure error
	// Elapsed is the time that was counted.
	Elapsed time.Duration
	// Latency is from the first byte written to the last byte read.
	Latency Histogram
}

// PerSecond is the rate of right answers.
func (r *Result) PerSecond() float64 {
	if r.Elapsed <= 0 {
		return 0
	}
	return float64(r.Requests) / r.Elapsed.Seconds()
}

// A connection that fails this often in a row gives up: nobody is there.
const patience = 20

// How long a single answer may take.
const answerTimeout = 30 * time.Second

// Run asks until the time is over, the requests are done or ctx is. It fails if it cannot connect at all.
func Run(ctx context.Context, o Options) (*Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	clients := make([]*client, max(o.Conns, 1))
	for i := range clients {
		clients[i] = &client{options: &o}
		if err := clients[i].connect(); err != nil {
			return nil, fmt.Errorf("connect to %s: %w", o.Address, err)
		}
		defer clients[i].close()
	}
	left := new(atomic.Int64)
	left.Store(o.Requests)
	start := time.Now().Add(o.Warmup)
	var all sync.WaitGroup
	for _, c := range clients {
		c.start, c.left = start, left
		all.Go(func() { c.run(ctx) })
	}
	all.Wait()

	result := &Result{}
	end := start
	for _, c := range clients {
		result.Requests += c.requests
		result.Failures += c.failures
		if result.Failure == nil {
			result.Failure = c.failure
		}
		result.Latency.Merge(&c.latency)
		if c.end.After(end) {
			end = c.end
		}
	}
	result.Elapsed = end.Sub(start)
	return result, nil
}

// A client is one connection with what it has seen.
type client struct {
	options *Options
	conn    net.Conn
	reader  *bufio.Reader
	answer  fasthttp.Response

	start, end, renew  time.Time
	left               *atomic.Int64
	requests, failures int64
	failure            error
	latency            Histogram
}

func (c *client) connect() error {
	conn, err := net.DialTimeout("tcp", c.options.Address, answerTimeout)
	if err != nil {
		return err
	}
	c.conn, c.renew = conn, time.Time{}
	if c.reader == nil {
		c.reader = bufio.NewReaderSize(conn, 64<<10)
	} else {
		c.reader.Reset(conn)
	}
	return nil
}

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

func (c *client) run(ctx context.Context) {
	var stop time.Time
	if c.options.Duration > 0 {
		stop = c.start.Add(c.options.Duration)
	}
	counted := c.options.Requests > 0
	now := time.Now()
	c.end = now
	for inRow := 0; inRow < patience && ctx.Err() == nil; {
		if counted && c.left.Add(-1) < 0 {
			return
		}
		err := c.ask(now)
		after := time.Now()
		if !stop.IsZero() && after.After(stop) {
			return
		}
		if now.Before(c.start) && err == nil { // still warming up
			now = after
			continue
		}
		if err != nil {
			inRow++
			c.failures++
			if c.failure == nil {
				c.failure = err
			}
			c.close()
		} else {
			inRow = 0
			c.requests++
			c.latency.Add(after.Sub(now))
		}
		now, c.end = after, after
	}
}

// ask does one exchange, on a new connection if the last one failed or was closed by the server.
func (c *client) ask(now time.Time) error {
	if c.conn == nil {
		if err := c.connect(); err != nil {
			return err
		}
	}
	if now.After(c.renew) { // once a second: setting a deadline costs
		c.renew = now.Add(time.Second)
		if err := c.conn.SetDeadline(now.Add(answerTimeout)); err != nil {
			return err
		}
	}
	if _, err := c.conn.Write(c.options.Request); err != nil {
		return err
	}
	c.answer.Reset()
	if err := c.answer.Read(c.reader); err != nil {
		return err
	}
	if c.answer.ConnectionClose() {
		c.close()
	}
	return c.options.Check(c.answer.StatusCode(), c.answer.Body())
}
