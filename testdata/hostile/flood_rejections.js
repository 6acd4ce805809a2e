// limit
export default { async fetch(request, env, ctx) { for (;;) { for (let i = 0; i < 1e4; i++) Promise.reject(new Error("x".repeat(100))); await 0; } } };
