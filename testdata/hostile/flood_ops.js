// limit
export default { async fetch(request, env, ctx) { const text = "x".repeat(1e4); for (;;) console.log(text); } };
