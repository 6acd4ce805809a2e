// Worker exceeded CPU time limit.
export default { async fetch(request, env, ctx) { for (let k = 0; k < 100; k++) ctx.exports.default.fetch("http://x/").catch(() => {}); for (;;); } };
