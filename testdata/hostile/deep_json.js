// fits|limit|call stack
export default { async fetch(request, env, ctx) { const text = "[".repeat(5e6); JSON.parse(text + "]".repeat(5e6)); throw new Error("fits"); } };
