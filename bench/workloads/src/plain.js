// Workloads that need no other worker.

const relatives = [
  "a", "./b", "../c", "/d", "/e/f/g", "?h=1", "#i", "j?k=2#l", "../../m/n", "//other.example/o",
  "p/q/../r", "s%20t", "u v", "./w/./x", "y;z=1", "https://absolute.example/path", "1/2/3/4/5", "?a=1&b=2&c=3", "/\u00fc", "..",
];
const base = "https://base.example:8443/one/two/three?query=1#hash";

/** Twenty relative URLs. */
export function url() {
  let length = 0;
  for (const relative of relatives) length += new URL(relative, base).href.length;
  return new Response(String(length));
}

/** Parses a JSON body, answers JSON with a header of its own. */
export async function json(request) {
  const { name, tags } = await request.json();
  return Response.json({ hello: name, count: tags.length }, { headers: { "x-workload": "json" } });
}

/** Reads, copies, changes and lists headers, as middleware does. */
export function headers(request) {
  const out = new Headers(request.headers);
  out.delete("accept");
  out.set("x-language", request.headers.get("accept-language") ?? "none");
  for (let i = 0; i < 8; i++) out.append("x-many", String(i));
  if (!out.has("content-type")) out.set("content-type", "text/plain");
  let count = 0;
  for (const [name] of out) if (name.startsWith("accept")) count++;
  return new Response(String(count), { headers: out });
}

const kilobyte = new Uint8Array(1024).fill(97);

/** SHA-256 of 1 KiB. */
export async function sha() {
  return new Response(await crypto.subtle.digest("SHA-256", kilobyte));
}

// Keys, imported by the first request that needs one.
const keys = { __proto__: null };
async function imported(name, algorithm, usages) {
  return (keys[name] ??= await crypto.subtle.importKey("raw", new Uint8Array(32), algorithm, false, usages));
}

/** HMAC with SHA-256 of 1 KiB, signed and verified. */
export async function hmac() {
  const key = await imported("hmac", { name: "HMAC", hash: "SHA-256" }, ["sign", "verify"]);
  const signature = await crypto.subtle.sign("HMAC", key, kilobyte);
  return new Response(String(await crypto.subtle.verify("HMAC", key, signature, kilobyte)));
}

/** AES-256-GCM of 1 KiB, encrypted and decrypted. */
export async function gcm() {
  const key = await imported("gcm", "AES-GCM", ["encrypt", "decrypt"]);
  const algorithm = { name: "AES-GCM", iv: crypto.getRandomValues(new Uint8Array(12)) };
  const sealed = await crypto.subtle.encrypt(algorithm, key, kilobyte);
  return new Response(String((await crypto.subtle.decrypt(algorithm, key, sealed)).byteLength));
}

/** An ECDSA signature of 1 KiB on P-256. */
export async function ecdsa() {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  keys.ecdsa ??= (await crypto.subtle.generateKey(algorithm, false, ["sign"])).privateKey;
  return new Response(String((await crypto.subtle.sign(algorithm, keys.ecdsa, kilobyte)).byteLength));
}

const chunk = new Uint8Array(16 * 1024).fill(98);
const chunks = 64;

/** 1 MiB in pieces of 16 KiB through a TransformStream. */
export function stream() {
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

/** A sieve and a sort: JavaScript alone, the same machine code on both runtimes. */
export function cpu() {
  const limit = 10_000;
  const composite = new Uint8Array(limit);
  const primes = [];
  for (let n = 2; n < limit; n++) {
    if (composite[n]) continue;
    primes.push(n);
    for (let m = n * n; m < limit; m += n) composite[m] = 1;
  }
  const shuffled = primes.map((p) => (p * 7919) % 10_007).sort((a, b) => a - b);
  return new Response(`${primes.length} ${shuffled[100]}`);
}

const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const rows = Array.from({ length: 50 }, (_, i) => ({ id: i, name: `<Name & "${i}">`, price: i * 1.25, tags: ["a&b", "c<d", String(i)] }));

function escape(text) {
  return text.replace(/[&<>"']/g, (c) => entities[c]);
}

/** A page of fifty escaped rows. */
export function html() {
  const body = rows.map((row) => `<tr id="r${row.id}"><td>${escape(row.name)}</td><td>${row.price.toFixed(2)}</td><td>${row.tags.map(escape).join(", ")}</td></tr>`);
  return new Response(`<!doctype html><title>Rows</title><table>${body.join("\n")}</table>`, { headers: { "content-type": "text/html; charset=utf-8" } });
}

const routes = [
  "/api/status", "/api/users", "/api/users/:user", "/api/users/:user/posts", "/api/users/:user/posts/:post",
  "/api/teams", "/api/teams/:team", "/api/teams/:team/members/:member", "/files/:name", "/route/users/:user/posts/:post",
].map((pattern) => ({ pattern, match: new RegExp(`^${pattern.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`) }));

/** Routes by path and reads the query, as a small framework does. */
export function route(address) {
  const { pathname, searchParams } = new URL(address);
  for (const { pattern, match } of routes) {
    const found = match.exec(pathname);
    if (found === null) continue;
    return Response.json({ pattern, ...found.groups, sort: searchParams.get("sort"), limit: Number(searchParams.get("limit")) });
  }
  return new Response("no such workload", { status: 404 });
}
