import { WorkerEntrypoint } from "cloudflare:workers";

export default { test() {} };
export const late = {
  test(controller, env, ctx) {
    ctx.waitUntil(scheduler.wait(5));
  },
};
export const any = { test: () => "a value is nothing to say" };
export const unhandled = {
  async test() {
    Promise.reject(new Error("nobody waits for this"));
  },
};
export class Entry extends WorkerEntrypoint {
  async test() {}
}
export class Derived extends Entry {}
// Nothing of these is a test.
export class Own extends WorkerEntrypoint {
  test = () => {
    throw new Error("a member of the instance is no handler");
  };
}
export class Plain {
  test() {
    throw new Error("the class of a Durable Object has no tests");
  }
}
export const none = { fetch() {} };
