package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// takeoverTime is how long the first request after the death of an engine may take. The median of some deaths is compared: a machine that
// does other things may delay one.
const takeoverTime = 100 * time.Millisecond

func TestSpareTakesOver(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hello.js")
	require.NoError(t, os.WriteFile(file, []byte(`export default { fetch: () => new Response("Hello") };`), 0o600))
	s := &server{}
	defer s.kill()
	require.NoError(t, s.start(exec.Command("dynos", "serve", "--port", "0", file)))
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	var times []time.Duration
	for range 5 {
		require.True(t, await(s.warm))
		require.NoError(t, syscall.Kill(s.engines()[0], syscall.SIGKILL))
		begun := time.Now()
		for {
			response, err := client.Get(s.url("/"))
			if err != nil {
				continue // the kernel had given the connection to the dying engine
			}
			body, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if err == nil {
				require.Equal(t, "Hello", string(body))
				break
			}
		}
		times = append(times, time.Since(begun))
	}
	slices.Sort(times)
	require.Less(t, times[2], takeoverTime, "%v", times)
}
