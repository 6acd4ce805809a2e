package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// keeper is a project whose objects store numbers in all the ways there are, and have alarms.
const keeper = `
import { DurableObject } from "cloudflare:workers";
export class Keeper extends DurableObject {
	constructor(ctx, env) {
		super(ctx, env);
		ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS rows(n INTEGER PRIMARY KEY)");
	}
	// All three are one transaction.
	async put(n) {
		this.ctx.storage.sql.exec("INSERT OR REPLACE INTO rows VALUES (?)", n);
		await this.ctx.storage.put("n", n);
		this.ctx.storage.kv.put("m", n);
		await this.ctx.storage.setAlarm(Date.now() + n % 40);
		return n;
	}
	async facet(n) { return this.ctx.facets.get("f", () => ({ class: this.ctx.exports.Facet })).put(n); }
	async alarm() { await this.ctx.storage.put("rung", await this.ctx.storage.get("n")); }
	async state() {
		const { storage } = this.ctx;
		const { rows, last } = storage.sql.exec("SELECT count(*) AS rows, max(n) AS last FROM rows").one();
		const facet = await this.ctx.facets.get("f", () => ({ class: this.ctx.exports.Facet })).get();
		return { rows, last, n: (await storage.get("n")) ?? 0, m: storage.kv.get("m") ?? 0, rung: (await storage.get("rung")) ?? 0, alarm: await storage.getAlarm(), facet };
	}
	count() { this.n = (this.n ?? this.ctx.storage.kv.get("count") ?? 0) + 1; this.ctx.storage.kv.put("count", this.n); return this.n; }
}
export class Facet extends DurableObject {
	put(n) { this.ctx.storage.kv.put("n", n); return n; }
	get() { return this.ctx.storage.kv.get("n") ?? 0; }
}
export default {
	async fetch(request, env) {
		const [, kind, name, n] = new URL(request.url).pathname.split("/");
		try {
			if (kind === "kv") { await env.KV.put(name, n); return new Response(n); }
			if (kind === "pair") return new Response((await env.KV.get(name)) ?? "0");
			return Response.json(await env.KEEPER.getByName(name)[kind](Number(n)));
		} catch (e) {
			return new Response(String(e), { status: 500 });
		}
	},
};`

const keeperConfig = `{
	"name": "keeper", "main": "index.js", "compatibility_date": "2026-01-01", "kv_namespaces": [{ "binding": "KV", "id": "kv" }],
	"durable_objects": { "bindings": [{ "name": "KEEPER", "class_name": "Keeper" }] }, "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Keeper"] }]
}`

// keeping writes the project and gives a function that starts a server of it.
func keeping(t *testing.T) (start func(args ...string) *server) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.js"), []byte(keeper), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wrangler.jsonc"), []byte(keeperConfig), 0o644))
	return func(args ...string) *server {
		t.Helper()
		command := exec.Command(os.Args[0], append([]string{"serve", "--port", "0", dir}, args...)...)
		command.Args[0] = "dynos"
		s := &server{}
		require.NoError(t, s.start(command))
		t.Cleanup(s.kill)
		return s
	}
}

// ask gives the answer to a request, with an error for anything but 200.
func (s *server) ask(path string) (string, error) {
	res, err := s.client.Get(s.url(path))
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != 200 {
		err = fmt.Errorf("%d %s", res.StatusCode, text)
	}
	return string(text), err
}

// kept is what an object says of itself.
type kept struct {
	Rows, Last, N, M, Rung, Facet int
	Alarm                         *int64
}

func (s *server) kept(t *testing.T, name string) kept {
	t.Helper()
	text, err := s.ask("/state/" + name)
	require.NoError(t, err)
	var k kept
	require.NoError(t, json.Unmarshal([]byte(text), &k))
	return k
}

// A server that is killed has lost nothing that it has acknowledged, and has kept nothing by halves: DYNOS_KILLS says how often it is tried.
func TestKilledServerLosesNothing(t *testing.T) {
	rounds := 4
	if text := os.Getenv("DYNOS_KILLS"); text != "" {
		rounds, _ = strconv.Atoi(text)
	}
	start := keeping(t)
	const clients = 4
	var written, facets, pairs [clients]int
	for range rounds {
		s := start()
		var all sync.WaitGroup
		enough := make(chan struct{}, clients)
		for c := range clients {
			all.Add(1)
			left := 1 + rand.N(60) // somewhere in the middle
			go func() {
				defer all.Done()
				for s.write(c, &written[c], &facets[c], &pairs[c]) == nil {
					if left--; left == 0 {
						enough <- struct{}{}
					}
				}
			}()
		}
		<-enough
		s.kill()
		all.Wait()
		checkKept(t, start(), written[:], facets[:], pairs[:])
	}
	require.Positive(t, written[0])
}

// write writes the next numbers, and counts those that are acknowledged.
func (s *server) write(client int, written, facets, pairs *int) error {
	for _, step := range []struct {
		kind  string
		count *int
	}{{"put", written}, {"facet", facets}, {"kv", pairs}} {
		if _, err := s.ask(fmt.Sprintf("/%s/o%d/%d", step.kind, client, *step.count+1)); err != nil {
			return err
		}
		*step.count++
	}
	return nil
}

// checkKept compares what is stored with what was acknowledged; one more may have been written. It notes what it finds, and ends the server.
func checkKept(t *testing.T, s *server, written, facets, pairs []int) {
	t.Helper()
	defer s.kill()
	within := func(acknowledged *int, stored int, what string) {
		t.Helper()
		require.Contains(t, []int{*acknowledged, *acknowledged + 1}, stored, what)
		*acknowledged = stored
	}
	for c := range written {
		name := fmt.Sprint("o", c)
		k := s.kept(t, name)
		require.Equal(t, []int{k.N, k.N, k.N}, []int{k.M, k.Last, k.Rows}, "a transaction is whole")
		within(&written[c], k.N, "objects")
		within(&facets[c], k.Facet, "facets")
		pair, err := s.ask("/pair/" + name)
		require.NoError(t, err)
		n, err := strconv.Atoi(pair)
		require.NoError(t, err)
		within(&pairs[c], n, "KV")
		require.Eventually(t, func() bool {
			k := s.kept(t, name)
			return k.Rung == k.N && k.Alarm == nil
		}, patience, 5*time.Millisecond, "the alarm rings")
	}
}
