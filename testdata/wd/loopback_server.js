export default {
  async fetch(request) {
    return Response.json(
      { method: request.method, url: request.url, injected: request.headers.get("x-injected"), body: await request.text() },
      { status: 201 },
    );
  },
};
