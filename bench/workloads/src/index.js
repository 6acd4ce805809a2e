// The workloads: each path of this worker is one thing worth measuring. bench/README.md says what each stands for.

import { WorkerEntrypoint } from "cloudflare:workers";
import { caller, fetcher, hello, small } from "./dynamic.js";

/** What a dynamic worker's `env.parent` points to. */
export class Parent extends WorkerEntrypoint {
  async add(a, b) {
    return a + b;
  }
}

/** Where a dynamic worker's own fetch() ends. */
export class Outbound extends WorkerEntrypoint {
  async fetch(request) {
    return new Response(`outbound ${new URL(request.url).pathname}`);
  }
}

const kilobyte = new Uint8Array(1024).fill(97);
const chunk = new Uint8Array(16 * 1024).fill(98);
const chunks = 64;

const relatives = [
  "a", "./b", "../c", "/d", "/e/f/g", "?h=1", "#i", "j?k=2#l", "../../m/n", "//other.example/o",
  "p/q/../r", "s%20t", "u v", "./w/./x", "y;z=1", "https://absolute.example/path", "1/2/3/4/5", "?a=1&b=2&c=3", "/\u00fc", "..",
];
const base = "https://base.example:8443/one/two/three?query=1#hash";

function url() {
  let length = 0;
  for (const relative of relatives) length += new URL(relative, base).href.length;
  return new Response(String(length));
}

async function json(request) {
  const { name, tags } = await request.json();
  return Response.json({ hello: name, count: tags.length }, { headers: { "x-workload": "json" } });
}

async function sha() {
  return new Response(await crypto.subtle.digest("SHA-256", kilobyte));
}

function stream() {
  let left = chunks;
  const source = new ReadableStream({
    pull(controller) {
      controller.enqueue(chunk);
      if (--left === 0) controller.close();
    },
  });
  const same = new TransformStream({
    transform(piece, controller) {
      controller.enqueue(piece);
    },
  });
  return new Response(source.pipeThrough(same));
}

/** Code of a dynamic worker whose main module is `source`. */
function code(source, more) {
  return { compatibilityDate: "2026-01-01", mainModule: "main.js", modules: { "main.js": source }, ...more };
}

/** Passes the request on to the dynamic worker kept under `id`. */
function forward(env, request, id, load) {
  return env.LOADER.get(id, load).getEntrypoint().fetch(request);
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, search } = new URL(request.url);
    switch (pathname) {
      case "/hello": return new Response("Hello World");
      case "/json": return json(request);
      case "/url": return url();
      case "/sha": return sha();
      case "/stream": return stream();
      case "/warm": return forward(env, request, "warm", () => code(hello));
      case "/rpc": return forward(env, request, "rpc", () => code(caller, { env: { parent: ctx.exports.Parent({}) } }));
      case "/out": return forward(env, request, "out", () => code(fetcher, { globalOutbound: ctx.exports.Outbound({}) }));
      case "/cold": return forward(env, request, crypto.randomUUID(), () => code(small));
      case "/load": return env.LOADER.load(code(small)).getEntrypoint().fetch(request);
      // /idle?7 leaves dynamic worker number 7 behind: what one costs while it does nothing.
      case "/idle": return forward(env, request, `idle${search}`, () => code(small));
      default: return new Response("no such workload", { status: 404 });
    }
  },
};
