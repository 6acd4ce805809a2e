// The workloads: each path of this worker is one thing worth measuring. bench/README.md says what each stands for,
// bench/workloads/workloads.go what is asked and what must come back.

import { WorkerEntrypoint } from "cloudflare:workers";
import { caller, fetcher, hello, small } from "./dynamic.js";
import { kvGet, kvPut, next } from "./objects.js";
import { cpu, ecdsa, gcm, headers, hmac, html, json, route, sha, stream, url } from "./plain.js";

export { Keeper } from "./objects.js";

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
    // Cut, not parsed: `url` measures the parser, the others what they are named after.
    const address = request.url;
    const start = address.indexOf("/", 8);
    const end = address.indexOf("?", start);
    const path = end < 0 ? address.slice(start) : address.slice(start, end);
    switch (path) {
      case "/hello": return new Response("Hello World");
      case "/json": return json(request);
      case "/echo": return new Response(request.body);
      case "/headers": return headers(request);
      case "/url": return url();
      case "/html": return html();
      case "/sha": return sha();
      case "/hmac": return hmac();
      case "/gcm": return gcm();
      case "/ecdsa": return ecdsa();
      case "/cpu": return cpu();
      case "/stream": return stream();
      case "/warm": return forward(env, request, "warm", () => code(hello));
      case "/rpc": return forward(env, request, "rpc", () => code(caller, { env: { parent: ctx.exports.Parent({}) } }));
      case "/out": return forward(env, request, "out", () => code(fetcher, { globalOutbound: ctx.exports.Outbound({}) }));
      case "/cold": return forward(env, request, crypto.randomUUID(), () => code(small));
      case "/load": return env.LOADER.load(code(small)).getEntrypoint().fetch(request);
      case "/object":
      case "/sql": return env.KEEPER.get(env.KEEPER.idFromName("one")).fetch(request);
      case "/objects": return next(env).fetch(request);
      case "/kv-get": return kvGet(env);
      case "/kv-put": return kvPut(env);
      // /idle?7 leaves dynamic worker number 7 behind: what one costs while it does nothing.
      case "/idle": return forward(env, request, `idle${address.slice(end)}`, () => code(small));
      default: return route(address);
    }
  },
};
