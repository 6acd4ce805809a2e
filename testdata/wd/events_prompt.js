export default {
  queue(batch, env, ctx) {
    ctx.waitUntil(Promise.reject(new Error("too late to count")));
    if (batch.queue === "fails") throw new Error("fails");
    batch.ackAll();
  },
};
