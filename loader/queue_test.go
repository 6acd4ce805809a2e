package loader_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader"
)

const busy = `
import { abortIsolate } from "cloudflare:workers";
export default {
  fetch(request) {
    switch (new URL(request.url).pathname) {
      case "/loop": while (true);
      case "/abort": for (let k = 0; k < 3e8; k++); abortIsolate("enough");
    }
    return new Response("answered");
  },
};`

// statuses makes requests at once; the channel gets the status of each, 0 for a broken one, in the order of the answers.
func statuses(p *running, path string, n int) <-chan int {
	list := make(chan int, n)
	for range n {
		go func() {
			response, err := p.client.Get("http://localhost" + path)
			if err != nil {
				list <- 0
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			if response.StatusCode == http.StatusServiceUnavailable && response.Header.Get("Retry-After") == "" {
				list <- -1
				return
			}
			list <- response.StatusCode
		}()
	}
	return list
}

// occupied starts a worker and has it run a request of the path.
func occupied(t *testing.T, config loader.Config, path string) (*running, <-chan int) {
	config.Witness = make([]byte, loader.Witnesses(16))
	p, err := start(t, config)
	require.NoError(t, err)
	require.Equal(t, "answered", string(p.get(t, "/")))
	first := statuses(p, path, 1)
	require.Eventually(t, func() bool { return len(loader.Running(config.Witness)) == 1 }, 10*time.Second, time.Millisecond)
	return p, first
}

// Of the requests to a worker that does not answer, a bounded number waits; the others are refused at once.
func TestQueueIsBounded(t *testing.T) {
	config := worker(busy)
	config.MaxQueued, config.MaxQueueTime = 4, time.Hour
	p, first := occupied(t, config, "/loop")
	const kept = 100 // more than the mailbox and the queue take
	list := statuses(p, "/", 200)
	for range 200 - kept {
		require.Equal(t, 503, <-list)
	}
	require.NoError(t, p.Kill())
	require.Equal(t, 500, <-first)
	for range kept {
		require.Contains(t, []int{500, 503}, <-list)
	}
}

// Who waits in the queue for too long is refused, even if the worker never comes to it.
func TestQueueTimeIsBounded(t *testing.T) {
	config := worker(busy)
	config.MaxQueueTime = 20 * time.Millisecond
	p, _ := occupied(t, config, "/loop")
	list := statuses(p, "/", 200)
	for range 100 { // the others are in the mailbox
		require.Equal(t, 503, <-list)
	}
	require.NoError(t, p.Kill())
}

// Requests that had not begun when their instance ended go to the next one.
func TestQueueOutlivesAnInstance(t *testing.T) {
	config := worker(busy)
	config.MaxQueueTime = time.Hour
	p, first := occupied(t, config, "/abort")
	list := statuses(p, "/", 200)
	require.Equal(t, 500, <-first)
	answered := 0
	for range 200 {
		if <-list == 200 {
			answered++
		}
	}
	require.GreaterOrEqual(t, answered, 200-64, "only those in the mailbox failed")
}

// Beyond a number in all, nobody even waits.
func TestRequestsInProgressAreBounded(t *testing.T) {
	config := worker(`export default { fetch: () => new Promise(() => setTimeout(() => {}, 1e6)) };`)
	config.MaxRequests = 10
	p, err := start(t, config)
	require.NoError(t, err)
	list := statuses(p, "/", 50)
	for range 40 {
		require.Equal(t, 503, <-list)
	}
	require.NoError(t, p.Close())
	for range 10 {
		require.Equal(t, 500, <-list)
	}
}

// Long responses that clients do not take are bounded together; short ones are not counted.
func TestResponsesInMemoryAreBounded(t *testing.T) {
	const long = 32 << 20 // more than the kernel keeps
	config := worker(`export default { fetch: (r) => new Response("x".repeat(r.url.endsWith("/long") ? 2 ** 25 : 10)) };`)
	config.MaxBufferedBytes = 3 * long
	p, err := start(t, config)
	require.NoError(t, err)
	address := listen(t, p)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	get := func(path string) *http.Response {
		response, err := client.Get("http://" + address + path)
		require.NoError(t, err)
		return response
	}
	var open []*http.Response
	for range 3 {
		open = append(open, get("/long"))
	}
	refused := get("/long")
	require.Equal(t, 503, refused.StatusCode)
	require.Equal(t, "1", refused.Header.Get("Retry-After"))
	open = append(open, refused, get("/"))
	want := []int64{long, long, long, int64(len("Service Unavailable")), 10}
	for k, response := range open {
		n, err := io.Copy(io.Discard, response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, want[k], n)
	}
	require.Eventually(t, func() bool { // the server has noticed
		response := get("/long")
		n, err := io.Copy(io.Discard, response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return n == long
	}, 10*time.Second, time.Millisecond)
}
