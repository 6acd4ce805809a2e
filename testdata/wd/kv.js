import assert from "node:assert";
import { env as importedEnv, WorkerEntrypoint } from "cloudflare:workers";

/** Answers as the key says, or refuses with a text that says what it was asked. */
export class Backend extends WorkerEntrypoint {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const body = await request.text();
    const headers = { "CF-Cache-Status": "HIT" };
    switch (pathname) {
      case "/value":
        return new Response("5", { headers: { ...headers, "CF-KV-Metadata": '{"a":"\u00e9"}' } });
      case "/mark":
        return new Response("\ufeffa", { headers });
      case "/no-json":
        return new Response("{nope");
      case "/bad-metadata":
        return new Response("5", { headers: { "CF-KV-Metadata": "{nope" } });
      case "/gone":
        return new Response("x", { status: 410, headers });
      case "/empty":
        return new Response(null, { status: 204 });
      case "/redirect":
        return new Response(null, { status: 302, headers: { location: "/value" } });
      case "/refuse":
        return new Response(null, { status: 400, statusText: "Not th\u00e9se" });
      case "/throw":
        throw new TypeError("from the backend");
      case "/bulk/get":
        return Response.json({ asked: JSON.parse(body), type: request.headers.get("content-type"), 1: "an index", 4294967295: "none" });
    }
    if (searchParams.get("prefix") === "list") {
      return Response.json({ keys: [{ name: "a", metadata: '{"a":1}' }, { name: "b", metadata: { c: 1 } }, 5], cursor: "next", list_complete: false }, { headers });
    }
    const asked = { ...Object.fromEntries(request.headers), "cf-kv-flprod-405": undefined, "transfer-encoding": undefined };
    const same = request.headers.get("cf-kv-flprod-405") === request.url;
    return new Response(null, { status: 418, statusText: JSON.stringify([request.method, request.url, same, asked, body]) });
  }
}

/** What the backend was asked by `call`. */
async function asked(operation, call) {
  const text = await call.then(assert.fail, (error) => error.message);
  assert.ok(text.startsWith(`KV ${operation} failed: 418 `), text);
  const [method, url, same, headers, body] = JSON.parse(text.slice(`KV ${operation} failed: 418 `.length));
  assert.ok(same);
  return [method, url, headers, body];
}

const text = (length) => ({ "content-length": `${length}`, "content-type": "text/plain;charset=UTF-8" });

export const looks = {
  test(controller, { KV }) {
    const prototype = Object.getPrototypeOf(KV);
    assert.strictEqual(String(KV), "[object KvNamespace]");
    assert.deepStrictEqual(Object.getOwnPropertyNames(prototype).sort(), ["constructor", "delete", "get", "getWithMetadata", "list", "put"]);
    assert.throws(() => new prototype.constructor(), { name: "TypeError", message: "Illegal constructor" });
    assert.throws(() => structuredClone(KV), { name: "DataCloneError", message: "A KV namespace binding cannot be serialized." });
    assert.deepStrictEqual(Object.keys(KV), []);
    assert.deepStrictEqual([typeof KvNamespace, KV.put.length, KV.put.name], ["undefined", 0, "put"]);
  },
};

export const keysInUrls = {
  async test(controller, { KV }) {
    const key = "a b/c?d#e%f/\u00e9\u0001{}|^`[]\\\"<>!~*'()@:$&+,;=-_.";
    const path = "a%20b%2Fc%3Fd%23e%25f%2F%C3%A9%01%7B%7D|^%60[]%5C%22%3C%3E!~*'()@:$&+,;=-_.";
    assert.deepStrictEqual(await asked("GET", KV.get(key, { type: "text", cacheTtl: 60.7 })), ["GET", `https://fake-host/${path}?urlencoded=true&cache_ttl=60`, {}, ""]);
    assert.deepStrictEqual(await asked("DELETE", KV.delete("a/b \u00e9|@")), ["DELETE", "https://fake-host/a%2Fb%20%C3%A9%7C%40?urlencoded=true", {}, ""]);
    for (const [value, name] of [[undefined, "undefined"], [null, "null"], [5, "5"], [{}, "[object%20Object]"], [new Set(["a"]), "[object%20Set]"]]) {
      assert.strictEqual((await asked("GET", KV.get(value)))[1], `https://fake-host/${name}?urlencoded=true`);
    }
  },
};

export const keysThatAreRefused = {
  async test(controller, { KV }) {
    const empty = { name: "TypeError", message: "Key name cannot be empty." };
    await assert.rejects(KV.get(""), empty);
    assert.throws(() => KV.getWithMetadata(""), empty);
    await assert.rejects(KV.put("", "x"), empty);
    await assert.rejects(KV.delete(""), empty);
    await assert.rejects(KV.get(".."), { name: "TypeError", message: '".." is not allowed as a key name.' });
    await assert.rejects(KV.get("x".repeat(513)), { name: "Error", message: "KV GET failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512." });
    await assert.rejects(KV.delete("\u00e9".repeat(257)), { message: "KV DELETE failed: 414 UTF-8 encoded length of 514 exceeds key length limit of 512." });
  },
};

export const argumentsAreConverted = {
  async test(controller, { KV }) {
    const type = (method, index, name) => ({ name: "TypeError", message: `Failed to execute '${method}' on 'KvNamespace': parameter ${index} is not of type '${name}'.` });
    assert.throws(() => KV.get(), type("get", 1, "string or Array"));
    assert.throws(() => KV.getWithMetadata(), type("getWithMetadata", 1, "Array or string"));
    await assert.rejects(KV.put(), type("put", 1, "string"));
    await assert.rejects(KV.put("a"), type("put", 2, "string or Object"));
    await assert.rejects(KV.put("a", "b", 5), type("put", 3, "PutOptions"));
    await assert.rejects(KV.delete(), type("delete", 1, "string"));
    await assert.rejects(KV.list("x"), type("list", 1, "ListOptions"));
    assert.throws(() => KV.get(Symbol.iterator), { name: "TypeError", message: "Cannot convert a Symbol value to a string" });
    await assert.rejects(KV.put(Symbol.iterator, "b"), { name: "TypeError", message: "Cannot convert a Symbol value to a string" });
    assert.throws(() => KV.get.call({}, "a"), /^TypeError: Illegal invocation/);
    const order = [];
    const options = new Proxy({}, { get: (target, name) => void order.push(name) });
    await asked("PUT", KV.put("a", "b", options));
    await asked("GET", KV.get("a", options));
    await asked("GET", KV.list(options));
    assert.deepStrictEqual(order, ["expiration", "expirationTtl", "metadata", "type", "cacheTtl", "limit", "prefix", "cursor"]);
  },
};

export const values = {
  async test(controller, { KV }) {
    const put = async (...args) => (await asked("PUT", KV.put("k", ...args))).slice(2);
    const stream = (chunk) => new ReadableStream({ start: (c) => (c.enqueue(chunk), c.close()) });
    assert.deepStrictEqual(await put("te\u00e9"), [text(4), "te\u00e9"]);
    assert.deepStrictEqual(await put(""), [{ "content-type": "text/plain;charset=UTF-8" }, ""]);
    assert.deepStrictEqual(await put(null), [text(4), "null"]);
    assert.deepStrictEqual(await put(new Uint8Array([65, 66]).subarray(1)), [{ "content-length": "1" }, "B"]);
    assert.deepStrictEqual(await put(new SharedArrayBuffer(2)), [{ "content-length": "2" }, "\0\0"]);
    assert.deepStrictEqual(await put(stream(new Uint8Array([65]))), [{}, "A"]);
    assert.deepStrictEqual(await put(stream("text")), [{}, "text"]);
    assert.deepStrictEqual(await put(new Response("abc").body), [{ "content-length": "3" }, "abc"]);
    const refused = { name: "TypeError", message: "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values." };
    for (const value of [{}, [1], new Map(), new Blob(["a"]), new String("a"), () => 1]) await assert.rejects(KV.put("k", value), refused);
    const { body } = new Response("abc");
    await body.getReader().read();
    await assert.rejects(KV.put("k", body), { name: "TypeError", message: "The ReadableStream has been locked to a reader." });
  },
};

export const optionsOfPut = {
  async test(controller, { KV }) {
    const put = async (options) => {
      const [, url, headers] = await asked("PUT", KV.put("k", "x", options));
      return [url.slice("https://fake-host/k?urlencoded=true".length), headers["cf-kv-metadata"]];
    };
    assert.deepStrictEqual(await put({ expiration: 10.7, expirationTtl: "3", metadata: { a: "\u00e9" } }), ["&expiration=10&expiration_ttl=3", '{"a":"\u00e9"}']);
    assert.deepStrictEqual(await put({ expiration: "abc", expirationTtl: null }), ["&expiration=0&expiration_ttl=0", undefined]);
    assert.deepStrictEqual(await put({ metadata: null }), ["", undefined]);
    assert.deepStrictEqual(await put({ metadata: () => 1 }), ["", "undefined"]);
    assert.deepStrictEqual(await put(null), ["", undefined]);
    await assert.rejects(KV.put("k", "x", { expiration: 1e12 }), { name: "TypeError", message: "Value out of range. Must be between -2147483648 and 2147483647 (inclusive)." });
    await assert.rejects(KV.put("k", "x", { metadata: 5n }), { name: "TypeError", message: "Do not know how to serialize a BigInt" });
  },
};

export const answers = {
  async test(controller, { KV }) {
    assert.deepStrictEqual(await KV.getWithMetadata("value", "json"), { value: 5, metadata: { a: "\u00e9" }, cacheStatus: "HIT" });
    assert.strictEqual(await KV.get("mark"), "\ufeffa");
    assert.deepStrictEqual(await KV.getWithMetadata("gone"), { value: null, metadata: null, cacheStatus: "HIT" });
    assert.deepStrictEqual(await KV.getWithMetadata("empty"), { value: "", metadata: null, cacheStatus: null });
    assert.strictEqual((await KV.get("empty", "arrayBuffer")).byteLength, 0);
    assert.strictEqual(await new Response(await KV.get("value", "stream")).text(), "5");
    await assert.rejects(KV.get("empty", "json"), { name: "SyntaxError", message: "Unexpected end of JSON input" });
    await assert.rejects(KV.get("no-json", "json"), { name: "SyntaxError" });
    await assert.rejects(KV.get("bad-metadata"), { name: "SyntaxError" });
    await assert.rejects(KV.get("value", "blob"), { name: "TypeError", message: 'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".' });
    assert.strictEqual(await KV.get("gone", "blob"), null);
    await assert.rejects(KV.get("redirect"), { message: "KV GET failed: 302 Found" });
    await assert.rejects(KV.put("refuse", "x"), { message: "KV PUT failed: 400 Not th\u00e9se" });
    await assert.rejects(KV.get("throw"), { name: "TypeError", message: "from the backend" });
    assert.strictEqual(await KV.put("value", "x"), undefined);
    assert.strictEqual(await KV.delete("value"), undefined);
  },
};

export const bulk = {
  async test(controller, { KV }) {
    const map = await KV.get(["a", 5, null], { type: "json", cacheTtl: 9 });
    assert.ok(map instanceof Map);
    assert.deepStrictEqual(map, new Map([["asked", { keys: ["a", "5", "null"], type: "json", cacheTtl: "9" }], ["type", "application/json"], ["4294967295", "none"]]));
    assert.deepStrictEqual((await KV.getWithMetadata(["a"], "")).get("asked"), { keys: ["a"], withMetadata: true });
  },
};

export const lists = {
  async test(controller, { KV }) {
    const url = async (options) => (await asked("GET", KV.list(options)))[1];
    assert.strictEqual(await url({ prefix: "a b&c=+\u00e9/", limit: 5, cursor: "x=y" }), "https://fake-host?key_count_limit=5&prefix=a+b%26c%3D%2B%C3%A9%2F&cursor=x%3Dy");
    assert.strictEqual(await url({ limit: -1, prefix: null, cursor: "" }), "https://fake-host?cursor=");
    assert.strictEqual(await url({ limit: "x", prefix: 5 }), "https://fake-host?prefix=5");
    assert.strictEqual(await url(null), "https://fake-host");
    assert.deepStrictEqual(await KV.list({ prefix: "list" }), {
      keys: [{ name: "a", metadata: { a: 1 } }, { name: "b", metadata: { c: 1 } }, 5],
      cursor: "next",
      list_complete: false,
      cacheStatus: "HIT",
    });
  },
};

let early;
try {
  importedEnv.KV.get("a");
} catch (error) {
  early = error;
}
const late = importedEnv.KV.put("a", "b").catch((error) => error);

export const notInGlobalScope = {
  async test() {
    for (const error of [early, await late]) assert.match(error.message, /^Disallowed operation called within global scope\./);
  },
};
