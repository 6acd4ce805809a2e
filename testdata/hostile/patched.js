// CPU
export default { async fetch(request, env, ctx) { Array.prototype.push = Promise.prototype.then = Map.prototype.get = function () { for (;;); }; Object.defineProperty(Object.prototype, "then", { get() { for (;;); } }); return new Response("x"); } };
