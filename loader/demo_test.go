package loader_test

import (
	"encoding/json"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// The answer that testdata/demo/README.md documents, without spongeBob.
const demoAnswer = `{"path":"/hello","text":"Environment variable","json":{"nested":{"list":[1,2,3],"flag":true}},` +
	`"module":{"name":"bar","answer":42},"greeting":"Hello, dynamic worker!","deepEqual":true,"sum":42,` +
	`"spongeBob":"?","blocked":[403,"Not allowed"],` +
	`"echoed":{"method":"POST","url":"https://echo.test/hi?x=1","body":"ping"}}`

// askDemo requests /hello, checks the answer and returns spongeBob's text.
func askDemo(t *testing.T, p *running) string {
	res := p.send(t, "GET /hello", nil)
	data, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, 200, res.StatusCode, "%s", data)
	var answer struct {
		SpongeBob string `json:"spongeBob"`
	}
	require.NoError(t, json.Unmarshal(data, &answer))
	require.Equal(t, demoAnswer, strings.Replace(string(data), answer.SpongeBob, "?", 1))
	require.Equal(t, "dynamic workers", strings.ToLower(answer.SpongeBob))
	return answer.SpongeBob
}

func TestDemoAnswersAsDocumented(t *testing.T) {
	p, err := startProject(t, "../testdata/demo", nil)
	require.NoError(t, err)
	seen := map[string]bool{}
	for range 200 {
		seen[askDemo(t, p)] = true
	}
	require.Greater(t, len(seen), 100, "spongeBob is random each time")
	require.Empty(t, p.logged("error"))
}

func TestDemoManyAtOnce(t *testing.T) {
	p, err := startProject(t, "../testdata/demo", nil)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				askDemo(t, p)
			}
		})
	}
	wg.Wait()
	require.Empty(t, p.logged("error"))
}
