// CPU
export default { async fetch(request, env, ctx) { const r = new FinalizationRegistry(() => { for (;;); }); for (;;) { for (let i = 0; i < 1e4; i++) r.register({}, 0); await scheduler.wait(0); } } };
