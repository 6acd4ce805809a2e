// limit|header|Invalid|too large
export default { async fetch(request, env, ctx) { const h = new Headers(); for (let i = 0; ; i++) h.append("x-" + i, "y".repeat(1e4)); } };
