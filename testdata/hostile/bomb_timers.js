// Too many timers
export default { async fetch(request, env, ctx) { for (let i = 0; i < 2e5; i++) setTimeout(() => {}, 1e8); await scheduler.wait(1e8); } };
