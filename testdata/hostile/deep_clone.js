// call stack|DataClone
export default { async fetch(request, env, ctx) { let o = {}; for (let i = 0; i < 1e6; i++) o = { o }; structuredClone(o); throw new Error("cloned: call stack not reached"); } };
