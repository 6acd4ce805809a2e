export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/missing") return new Response("", { status: 404, statusText: "Not Found" });
    if (pathname === "/json") return Response.json({ method: request.method });
    return new Response(`${request.method} ${searchParams.get("expiration")}`);
  },
};
