import assert from "node:assert";
import http from "node:http";
import https from "node:https";
import { handleAsNodeRequest, httpServerHandler } from "cloudflare:node";

async function serve(handler, request = new Request("http://example.com/")) {
  const server = http.createServer(handler).listen(0);
  try {
    return await handleAsNodeRequest(server.address().port, request);
  } finally {
    server.close();
  }
}

export const answers = {
  async test() {
    const response = await serve((req, res) => {
      res.setHeader("X-A", ["1", "2"]);
      res.writeHead(201, { "Content-Type": "text/plain" });
      res.end("h\u00e9llo");
    });
    assert.strictEqual(response.status, 201);
    assert.deepStrictEqual(
      [...response.headers],
      [
        ["connection", "keep-alive"],
        ["content-type", "text/plain"],
        ["transfer-encoding", "chunked"],
        ["x-a", "1, 2"],
      ],
    );
    assert.strictEqual(await response.text(), "h\u00e9llo");
  },
};

export const streams = {
  async test() {
    const events = [];
    const response = await serve((req, res) => {
      res.on("finish", () => events.push("finish")).on("close", () => events.push("close"));
      assert.strictEqual(res.write("one,"), true);
      assert.strictEqual(res.headersSent, true);
      setTimeout(() => {
        res.write(Buffer.from("two,"));
        res.end("three");
      }, 1);
    });
    assert.strictEqual(response.headers.get("transfer-encoding"), "chunked");
    assert.strictEqual(await response.text(), "one,two,three");
    assert.deepStrictEqual(events, ["finish", "close"]);
  },
};

export const requests = {
  async test() {
    const request = new Request("https://example.com/a/b?c=d#e", {
      method: "POST",
      body: "body",
      headers: { "x-forwarded-proto": "https", "cf-connecting-ip": "::1", cookie: "a=1", "User-Agent": "one, two" },
    });
    const response = await serve(async (req, res) => {
      const { remoteAddress, remoteFamily, encrypted } = req.socket;
      let body = "";
      for await (const chunk of req) body += chunk;
      // It is destroyed now.
      assert.strictEqual(req.socket.remoteAddress, undefined);
      res.end(JSON.stringify([req.method, req.url, req.httpVersion, body, req.headers["user-agent"], remoteAddress, remoteFamily, encrypted, req.complete]));
    }, request);
    assert.deepStrictEqual(await response.json(), ["POST", "/a/b?c=d", "1.1", "body", "one", "::1", "IPv6", true, true]);
  },
};

export const bodiless = {
  async test() {
    const none = await serve((req, res) => res.writeHead(204).end("nothing"));
    assert.strictEqual(none.body, null);
    const head = await serve((req, res) => res.end("nothing"), new Request("http://a/", { method: "HEAD" }));
    assert.strictEqual(head.body, null);
    const short = await serve((req, res) => {
      res.setHeader("Content-Length", 5);
      res.write("abc");
      res.end("defgh");
    });
    assert.strictEqual(await short.text(), "abcde");
  },
};

export const failures = {
  async test() {
    await assert.rejects(
      serve(() => {
        throw new Error("sync");
      }),
      { message: "sync" },
    );
    await assert.rejects(
      serve(async () => {
        throw new Error("async");
      }),
      { message: "async" },
    );
    await assert.rejects(
      serve((req, res) => res.destroy()),
      { code: "ERR_STREAM_PREMATURE_CLOSE" },
    );
    const broken = await serve((req, res) => {
      res.write("a");
      setTimeout(() => res.destroy(new Error("late")), 1);
    });
    await assert.rejects(broken.text(), { message: "late" });
    const sent = await serve((req, res) => {
      res.end("a");
      assert.throws(() => res.setHeader("a", "b"), { code: "ERR_HTTP_HEADERS_SENT", message: "Cannot set headers after they are sent to the client" });
      assert.throws(() => res.writeHead(200), { code: "ERR_HTTP_HEADERS_SENT" });
    });
    assert.strictEqual(await sent.text(), "a");
  },
};

export const ports = {
  async test() {
    const one = http.createServer((req, res) => res.end("one")).listen(8124);
    assert.throws(() => http.createServer().listen(8124), { code: "EADDRINUSE", message: "bind EADDRINUSE 127.0.0.1:8124" });
    assert.throws(() => one.listen(8125), { code: "ERR_SERVER_ALREADY_LISTEN" });
    assert.strictEqual(await (await httpServerHandler({ port: 8124 }).fetch(new Request("http://a/"))).text(), "one");
    one.close();
    await assert.rejects(handleAsNodeRequest(8124, new Request("http://a/")), { code: "ERR_INVALID_ARG_VALUE" });
    assert.throws(() => httpServerHandler(null), { message: "Server descriptor cannot be null or undefined" });
    assert.throws(() => httpServerHandler({}), { message: "Failed to determine port for server" });
    const handler = httpServerHandler(http.createServer((req, res) => res.end("late")));
    assert.strictEqual(await (await handler.fetch(new Request("http://a/"))).text(), "late");
  },
};

export const headers = {
  test() {
    const message = new http.OutgoingMessage();
    message.setHeader("Set-Cookie", "a=1");
    message.appendHeader("set-cookie", ["b=2", "c=3"]);
    assert.deepStrictEqual(message.getHeader("SET-COOKIE"), ["a=1", "b=2", "c=3"]);
    assert.deepStrictEqual(message.getRawHeaderNames(), ["Set-Cookie"]);
    message.setHeaders(new Map([["x", "1"]]));
    assert.deepStrictEqual(message.getHeaderNames(), ["set-cookie", "x"]);
    assert.throws(() => message.setHeader("a b", "c"), { code: "ERR_INVALID_HTTP_TOKEN", message: 'Header name must be a valid HTTP token ["a b"]' });
    assert.throws(() => message.setHeader("a", "\n"), { code: "ERR_INVALID_CHAR", message: 'Invalid character in header content ["a"]' });
    assert.throws(() => message.setHeader("a"), { code: "ERR_HTTP_INVALID_HEADER_VALUE" });
  },
};

export const client = {
  async test() {
    const { fetch } = globalThis;
    const calls = [];
    globalThis.fetch = async (url, init) => {
      calls.push([`${url}`, init.method, JSON.stringify(init.headers), init.redirect]);
      return new Response("answer", { status: 202, headers: { "x-a": "b" } });
    };
    try {
      const body = await new Promise((resolve, reject) => {
        const req = https.request("https://u:p@example.com:444/path?q=1", { method: "post", headers: { a: "b" } }, (res) => {
          let text = "";
          res.on("data", (chunk) => (text += chunk)).on("end", () => resolve([res.statusCode, res.headers, text]));
        });
        req.on("error", reject);
        req.end("body");
      });
      assert.deepStrictEqual(body, [202, { "content-type": "text/plain;charset=UTF-8", "x-a": "b" }, "answer"]);
      assert.deepStrictEqual(calls, [
        ["https://example.com:444/path?q=1", "POST", '[["a","b"],["Host","example.com:444"],["Authorization","Basic dTpw"]]', "manual"],
      ]);
    } finally {
      globalThis.fetch = fetch;
    }
  },
};

export const clientErrors = {
  async test() {
    assert.throws(() => http.request({ path: "/a b" }), { code: "ERR_UNESCAPED_CHARACTERS" });
    assert.throws(() => http.request({ path: "//other/" }), { code: "ERR_INVALID_ARG_VALUE" });
    assert.throws(() => http.request({ protocol: "https:" }), { code: "ERR_INVALID_PROTOCOL", message: 'Protocol "https:" not supported. Expected "http:"' });
    assert.throws(() => http.request({ method: "a b" }), { code: "ERR_INVALID_HTTP_TOKEN" });
    const req = http.request({ host: "example.com" });
    const error = new Promise((resolve) => req.on("error", resolve));
    req.destroy();
    assert.strictEqual((await error).code, "ECONNRESET");
    assert.strictEqual(new https.Agent().getName({ host: "a", port: 1 }), "a:1:::::::::::::::::::::");
  },
};
