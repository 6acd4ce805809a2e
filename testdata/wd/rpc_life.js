// How long contexts live that serve RPC, and what they keep.
import assert from "node:assert";
import { DurableObject, RpcPromise, RpcStub, RpcTarget, WorkerEntrypoint } from "cloudflare:workers";

class Counter extends RpcTarget {
  count = 0;
  disposed = false;
  add(n) {
    return (this.count += n);
  }
  [Symbol.dispose]() {
    this.disposed = true;
  }
}

let settled;

export class Service extends WorkerEntrypoint {
  keep(stub) {
    stub.dup();
    return { plain: true };
  }
  keepAndWork(callback) {
    const kept = callback.dup();
    scheduler.wait(20).then(() => kept("called"));
  }
  arm() {
    const { promise, resolve } = Promise.withResolvers();
    settled = promise;
    this.ctx.waitUntil(scheduler.wait(20).then(() => resolve("settled")));
  }
  call(f, ...args) {
    return f(...args);
  }
  add(counter, n) {
    return counter.add(n);
  }
  property(object, name) {
    return object[name];
  }
  identity(x) {
    return x;
  }
  nested(f) {
    const result = () => {};
    result.value = f();
    return result;
  }
}

export class Actor extends DurableObject {
  callback() {
    return this.ctx.blockConcurrencyWhile(() => this.env.SERVICE.call(() => "called back"));
  }
  breaker() {
    const { ctx } = this;
    return { ping: () => "pong", abort: () => ctx.abort("broken"), hang: () => new Promise(() => {}) };
  }
}

export const argumentsThatAreKeptForNothing = {
  async test(controller, env) {
    const counter = new Counter();
    await env.SERVICE.keep(counter);
    for (let i = 0; i < 500 && !counter.disposed; i++) await scheduler.wait(2);
    assert.strictEqual(counter.disposed, true);
  },
};

export const argumentsThatAreKeptForWork = {
  async test(controller, env) {
    assert.strictEqual(await new Promise((resolve) => env.SERVICE.keepAndWork(resolve)), "called");
  },
};

export const promisesThatTheCalleeSettles = {
  async test(controller, env) {
    await env.SERVICE.arm();
    assert.strictEqual(await settled, "settled");
  },
};

export const answersOfEventsKeepNothing = {
  async test(controller, env) {
    const f = Object.assign((n) => n * 3, { own: 1 });
    assert.strictEqual(await env.SERVICE.identity(() => f)()(4), 12);
    assert.strictEqual(await env.SERVICE.identity(() => ({ f }))().f.own, 1);
  },
};

export const callbacksWithinTheInputGate = {
  async test(controller, env) {
    assert.strictEqual(await env.ACTOR.getByName("gate").callback(), "called back");
  },
};

export const callsBesideAnAbort = {
  async test(controller, env) {
    const actor = env.ACTOR.getByName("abort");
    const stub = await actor.breaker();
    const calls = [stub.hang(), stub.abort(), stub.ping()];
    for (const call of calls) await assert.rejects(call, { name: "Error", message: "broken" });
    await assert.rejects(stub.ping(), { message: "The execution context which hosts this callback is no longer running." });
  },
};

export const proxiesOfTargets = {
  async test(controller, env) {
    const counter = new Counter();
    assert.strictEqual(await new RpcStub(new Proxy(counter, {})).add(2), 2);
    const callable = new Proxy(Object.assign((n) => n * 11, { own: 1 }), {
      get: (target, name) => (name === "own" ? target.own : counter[name]?.bind(counter)),
      getPrototypeOf: () => Counter.prototype,
    });
    assert.strictEqual(await env.SERVICE.call(callable, 3), 33);
    assert.strictEqual(await env.SERVICE.add(callable, 5), 7);
    await assert.rejects(env.SERVICE.property(callable, "own"), { message: 'The RPC receiver does not implement the method "own".' });
  },
};

export const promisesWithinPaths = {
  async test(controller, env) {
    const f = () => ({ x: 1 });
    assert.ok(env.SERVICE.call(f) instanceof RpcPromise);
    assert.strictEqual(await env.SERVICE.call(f).x, 1);
    assert.deepStrictEqual({ ...(await env.SERVICE.nested(f).value) }, { x: 1 });
    await assert.rejects(async () => await env.SERVICE.nested(f).value.x, { message: 'The RPC receiver does not implement the method "value".' });
  },
};

export const methodsThatStubsHaveThemselves = {
  async test(controller, env) {
    const method = (name) => env.SERVICE.getRpcMethodForTestOnly(name);
    assert.strictEqual(await method("identity")(1), 1);
    await assert.rejects(async () => await method("fetch")(), { message: "'fetch' is a reserved method and cannot be called over RPC." });
    assert.strictEqual(await env.LEGACY.get("http://x/"), "GET null");
    assert.strictEqual(await env.LEGACY.get("http://x/missing"), null);
    assert.deepStrictEqual(await env.LEGACY.get("http://x/json", "json"), { method: "GET" });
    assert.strictEqual(await env.LEGACY.put("http://x/", "body", { expiration: 5, expirationTtl: 6 }), undefined);
    assert.strictEqual(await env.LEGACY.delete("http://x/"), undefined);
    await assert.rejects(env.LEGACY.get("http://x/json", "xml"), TypeError);
    await assert.rejects(env.LEGACY.delete("http://x/missing"), { message: "HTTP DELETE request failed: 404 Not Found" });
  },
};
