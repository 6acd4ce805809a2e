// Pieces of the Web platform, each done n times by one request: /NAME?n=N. Every runtime gets this module as it is.

const headerInit = {
  accept: "text/html,application/xhtml+xml",
  "accept-encoding": "gzip, br",
  "accept-language": "en-GB,en;q=0.9",
  "cache-control": "no-cache",
  "content-type": "application/json; charset=utf-8",
  cookie: "session=0123456789abcdef; theme=dark",
  host: "example.com",
  referer: "https://example.com/somewhere",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
  "x-request-id": "6f1b2c3d-0000-4444-8888-123456789abc",
};
const ascii = new TextEncoder().encode("The quick brown fox jumps over the lazy dog. ".repeat(91));
const mixed = new TextEncoder().encode("Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. Съешь же ещё этих мягких. ".repeat(33));
const asciiText = new TextDecoder().decode(ascii);
const mixedText = new TextDecoder().decode(mixed);
const small = btoa("x".repeat(768));
const nested = {
  id: 1,
  name: "a name",
  when: new Date(0),
  tags: ["a", "b", "c"],
  map: new Map([["k", { v: 1 }], ["l", { v: 2 }]]),
  list: Array.from({ length: 20 }, (_, k) => ({ k, text: `item ${k}`, ok: k % 2 === 0 })),
  bytes: new Uint8Array(256),
};
const page = `<!doctype html><html><head><title>t</title></head><body>${`<div class="row"><a href="/x/1">one</a><p>some <b>text</b> &amp; more</p></div>`.repeat(120)}</body></html>`;
const chunk = new Uint8Array(1024);

function source(chunks) {
  let left = chunks;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(chunk);
      else controller.close();
    },
  });
}

function form() {
  const data = new FormData();
  data.append("name", "a value");
  data.append("other", "ß".repeat(100));
  data.append("file", new File([ascii], "file.txt", { type: "text/plain" }));
  return data;
}

let sink = 0;

const snippets = {
  url() {
    const url = new URL("../c/d?x=1&y=%C3%BC#z", "https://user:pw@example.com:8080/a/b/");
    sink += url.href.length + url.pathname.length + url.search.length;
  },
  "url-idna"() {
    sink += new URL("https://Bücher.example/straße?ö").href.length;
  },
  "url-search-params"() {
    const params = new URLSearchParams("a=1&b=2&c=3&d=%C3%BC&e=hello+world&f=6");
    params.append("g", "7");
    params.delete("a");
    sink += params.get("e").length + params.toString().length;
  },
  headers() {
    const headers = new Headers(headerInit);
    headers.set("x-request-id", "1");
    headers.append("accept", "*/*");
    sink += headers.get("Content-Type").length;
    for (const [name, value] of headers) sink += name.length + value.length;
  },
  "text-decode-ascii-4k"() {
    sink += new TextDecoder().decode(ascii).length;
  },
  "text-decode-utf8-4k"() {
    sink += new TextDecoder().decode(mixed).length;
  },
  "text-encode-ascii-4k"() {
    sink += new TextEncoder().encode(asciiText).length;
  },
  "text-encode-utf8-4k"() {
    sink += new TextEncoder().encode(mixedText).length;
  },
  base64() {
    sink += btoa(atob(small)).length;
  },
  async "stream-read-64"() {
    const reader = source(64).getReader();
    for (let r = await reader.read(); !r.done; r = await reader.read()) sink += r.value.length;
  },
  async "stream-transform-64"() {
    const through = new TransformStream({ transform: (piece, controller) => controller.enqueue(piece) });
    const reader = source(64).pipeThrough(through).getReader();
    for (let r = await reader.read(); !r.done; r = await reader.read()) sink += r.value.length;
  },
  async "stream-tee-64"() {
    const [a, b] = source(64).tee();
    const [x, y] = await Promise.all([new Response(a).arrayBuffer(), new Response(b).arrayBuffer()]);
    sink += x.byteLength + y.byteLength;
  },
  async "body-text"() {
    sink += (await new Response(asciiText).text()).length;
  },
  async "body-stream-64"() {
    sink += (await new Response(source(64)).arrayBuffer()).byteLength;
  },
  request() {
    const request = new Request("https://example.com/a?b=c", { method: "POST", headers: headerInit, body: "text" });
    sink += request.url.length + request.headers.get("accept").length;
  },
  async "digest-4k"() {
    sink += (await crypto.subtle.digest("SHA-256", ascii)).byteLength;
  },
  async "digest-64k"() {
    sink += (await crypto.subtle.digest("SHA-256", big)).byteLength;
  },
  "structured-clone"() {
    sink += structuredClone(nested).list.length;
  },
  async "form-data"() {
    const response = new Response(form());
    sink += [...(await new Response(await response.arrayBuffer(), { headers: response.headers }).formData()).keys()].length;
  },
  async blob() {
    sink += (await new Blob([ascii, asciiText]).slice(100, 5000).text()).length;
  },
  event() {
    const target = new EventTarget();
    target.addEventListener("a", () => sink++);
    target.dispatchEvent(new Event("a"));
  },
  abort() {
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => sink++);
    controller.abort();
  },
};
const big = new Uint8Array(65536);

if (typeof HTMLRewriter !== "undefined") {
  snippets["html-rewriter-11k"] = async () => {
    const rewriter = new HTMLRewriter()
      .on("a[href]", { element: (e) => e.setAttribute("href", `https://example.com${e.getAttribute("href")}`) })
      .on("div.row > p", { element: (e) => e.append("<i>!</i>", { html: true }) });
    sink += (await rewriter.transform(new Response(page)).text()).length;
  };
}
if (typeof URLPattern !== "undefined") {
  const pattern = new URLPattern({ pathname: "/users/:id/posts/:post" });
  snippets["url-pattern"] = () => {
    sink += pattern.exec("https://example.com/users/12/posts/345").pathname.groups.id.length;
  };
}

export default {
  async fetch(request) {
    const url = new URL(request.url);
    const snippet = snippets[url.pathname.slice(1)];
    if (snippet === undefined) return new Response("", { status: 404 });
    const n = Number(url.searchParams.get("n"));
    // What gives no promise is not waited for: that would be measured, too.
    for (let k = 0; k < n; k++) {
      const promise = snippet();
      if (promise !== undefined) await promise;
    }
    return new Response(`${sink}`);
  },
};
