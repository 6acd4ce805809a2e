import assert from "node:assert";

const told = async (env) => (await env.BACKEND.fetch("http://log/")).json();
const cache = caches.default;

export const matchAsksForWhatIsCached = {
  async test(ctrl, env) {
    const request = new Request("http://x.com/a?b#c", { headers: { "x-a": "b", range: "bytes=0-1", "cache-control": "max-age=1" }, cf: { cacheKey: "k" } });
    const response = await cache.match(request);
    assert.deepStrictEqual([response.status, response.statusText, response.url, response.redirected, await response.text()], [200, "OK", "", false, "hello"]);
    assert.throws(() => response.headers.set("a", "b"), { message: "Can't modify immutable headers." });
    const headers = [["cache-control", "only-if-cached"], ["range", "bytes=0-1"], ["x-a", "b"]];
    assert.deepStrictEqual(await told(env), [["GET", "http://x.com/a?b#c", headers, { cacheKey: "k" }, null]]);
  },
};

export const namesGoAlong = {
  async test(ctrl, env) {
    await (await caches.open("n\u00e9 m/e")).match("https://x.com/");
    assert.deepStrictEqual(await told(env), [["GET", "https://x.com/", [["cache-control", "only-if-cached"], ["cf-cache-namespace", "n%C3%A9%20m%2Fe"]], null, null]]);
  },
};

export const onlyHitsCount = {
  async test(ctrl, env) {
    for (const status of ["MISS", "EXPIRED", "UPDATING", "hit", "STALE", "BYPASS", "none"]) {
      assert.strictEqual(await cache.match(`http://x.com/?status=${status}`), undefined, status);
    }
    assert.strictEqual((await cache.match("http://x.com/?code=504")).status, 504);
    await assert.rejects(cache.match("http://x.com/?throw"), { name: "RangeError", message: "backend" });
    await told(env);
  },
};

export const putSendsAMessage = {
  async test(ctrl, env) {
    await cache.put("http://x.com/", new Response("body", { status: 201, statusText: "Made", headers: { "Cache-Control": "max-age=5" } }));
    await cache.put("http://x.com/", new Response(null));
    let sent = false;
    const stream = new ReadableStream({
      pull(controller) {
        if (sent) return controller.close();
        sent = true;
        controller.enqueue(new TextEncoder().encode("streamed"));
      },
    });
    await cache.put("http://x.com/", new Response(stream));
    const [text, none, streamed] = await told(env);
    assert.deepStrictEqual(text.slice(0, 2), ["PUT", "http://x.com/"]);
    assert.deepStrictEqual(text[2], [["content-length", String(text[4].length)]]);
    const lines = text[4].toLowerCase().split("\r\n");
    assert.deepStrictEqual([lines[0], lines[1], lines.slice(2, 4).sort(), lines.slice(4)], [
      "http/1.1 201 made",
      "content-length: 4",
      ["cache-control: max-age=5", "content-type: text/plain;charset=utf-8"],
      ["", "body"],
    ]);
    assert.strictEqual(none[4], "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert.deepStrictEqual(streamed.slice(2), [[["transfer-encoding", "chunked"]], null, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nstreamed"]);
  },
};

export const putDoesNotTellWhetherItStored = {
  async test(ctrl, env) {
    for (const code of [204, 413, 200, 500, 404]) assert.strictEqual(await cache.put(`http://x.com/?code=${code}`, new Response("x")), undefined);
    await assert.rejects(cache.put("http://x.com/?throw", new Response("x")), { name: "RangeError", message: "backend" });
    const failing = new ReadableStream({ pull: (controller) => controller.error(new RangeError("bad")) });
    await assert.rejects(cache.put("http://x.com/", new Response(failing)), { name: "RangeError", message: "bad" });
    await told(env);
  },
};

export const putUsesTheBodyAtOnce = {
  async test(ctrl, env) {
    const response = new Response("x");
    const done = cache.put("http://x.com/", response);
    assert.strictEqual(response.bodyUsed, true);
    await done;
    await told(env);
  },
};

export const deletePurges = {
  async test(ctrl, env) {
    assert.strictEqual(await cache.delete("http://x.com/d"), true);
    assert.deepStrictEqual(await told(env), [["PURGE", "http://x.com/d", [["x-real-ip", "127.0.0.1"]], null, null]]);
    assert.strictEqual(await cache.delete("http://x.com/?code=404"), false);
    await assert.rejects(cache.delete("http://x.com/?code=429"), { name: "Error", message: "Unable to delete cached response. Subrequests are being rate-limited." });
    await assert.rejects(cache.delete("http://x.com/?code=500"), { name: "Error", message: "Unable to delete cached response." });
    assert.strictEqual(await cache.delete(new Request("http://x.com/", { method: "PUT" })), false);
    assert.strictEqual(await cache.delete(new Request("http://x.com/", { method: "PUT" }), { ignoreMethod: true }), true);
    await told(env);
  },
};

export const credentialsAreNoKey = {
  async test() {
    await assert.rejects(cache.match("http://u:p@x.com/"), { name: "TypeError", message: "Invalid URL. Cache API keys must be fully-qualified, valid URLs." });
  },
};
