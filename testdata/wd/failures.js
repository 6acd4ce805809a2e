import { WorkerEntrypoint } from "cloudflare:workers";

export default {
  test() {
    throw new TypeError("thrown");
  },
};
export const rejects = {
  async test() {
    await scheduler.wait(1);
    throw new Error("rejected");
  },
};
export const text = {
  test() {
    throw "no error at all";
  },
};
export const waitUntil = {
  test(controller, env, ctx) {
    ctx.waitUntil(Promise.reject(new Error("given to waitUntil")));
  },
};
export const hangs = { test: () => new Promise(() => {}) };
export const noFunction = { test: 1 };
export class Broken extends WorkerEntrypoint {
  constructor(ctx, env) {
    super(ctx, env);
    throw new Error("constructor");
  }
  test() {}
}
