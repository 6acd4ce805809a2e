// CPU
export default { async fetch(request, env, ctx) { const text = "x".repeat(1e5); for (;;) { for (let i = 0; i < 100; i++) console.log(text); await scheduler.wait(0); } } };
