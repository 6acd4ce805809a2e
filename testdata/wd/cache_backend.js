// Answers as a cache does, and tells what it was asked.
let log = [];
export default {
  async fetch(request) {
    const url = new URL(request.url);
    if (url.host === "log") {
      const told = log;
      log = [];
      return Response.json(told);
    }
    log.push([request.method, request.url, [...request.headers], request.cf ?? null, request.body ? await request.text() : null]);
    if (url.search === "?throw") throw new RangeError("backend");
    const code = Number(url.searchParams.get("code") ?? (request.method === "PUT" ? 204 : 200));
    const status = url.searchParams.get("status") ?? "HIT";
    return new Response(code === 204 ? null : "hello", { status: code, headers: status === "none" ? {} : { "CF-Cache-Status": status } });
  },
};
