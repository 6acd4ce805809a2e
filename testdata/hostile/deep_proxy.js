// call stack
export default { async fetch(request, env, ctx) { let p = {}; for (let i = 0; i < 2e5; i++) p = new Proxy(p, {}); return new Response(p.x); } };
