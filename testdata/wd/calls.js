import assert from "node:assert";
import { DurableObject, RpcStub, RpcTarget, WorkerEntrypoint } from "cloudflare:workers";

class Counter extends RpcTarget {
  n = 0;
  add(n) {
    this.n += n;
    return this.n;
  }
}

export class Service extends WorkerEntrypoint {
  call(f, ...args) {
    return f(...args);
  }
  add(counter, n) {
    return counter.add(n);
  }
  own(target) {
    return target.own;
  }
  returned(f) {
    return f;
  }
  fetch() {
    return new Response("fetched");
  }
  dup() {
    return "never";
  }
}

export class Blocked extends DurableObject {
  calledBack() {
    return this.ctx.blockConcurrencyWhile(() => this.env.SELF.call(() => "called back"));
  }
}

export class Tail extends DurableObject {
  #seen = Promise.withResolvers();
  tail([event]) {
    this.#seen.resolve(event.logs[0].message);
  }
  seen() {
    return this.#seen.promise;
  }
}

// While an object is blocked it is called by what it has called itself.
export const callsBack = {
  async test(controller, { OBJECT }) {
    assert.strictEqual(await OBJECT.get(OBJECT.newUniqueId()).calledBack(), "called back");
  },
};

// A proxy is what its prototype says.
export const proxies = {
  async test(controller, { SELF }) {
    const stub = new RpcStub(new Proxy(new Counter(), {}));
    assert.strictEqual(await stub.add(2), 2);
    const counter = new Counter();
    const f = (n) => n * 10;
    f.own = 1;
    const both = new Proxy(f, {
      get: (target, name) => (name === "add" ? (n) => counter.add(n) : target[name]),
      has: (target, name) => name === "add" || name in target,
      getPrototypeOf: () => Counter.prototype,
    });
    assert.strictEqual(await SELF.call(both, 3), 30);
    assert.strictEqual(await SELF.add(both, 4), 4);
    await assert.rejects(SELF.own(both), { name: "TypeError", message: 'The RPC receiver does not implement the method "own".' });
  },
};

// A test ends whatever others still have of it.
export const ends = {
  async test(controller, { SELF }) {
    assert.strictEqual(await SELF.returned(() => (n) => n + 1)()(1), 2);
  },
};

export const anyName = {
  async test(controller, { SELF }) {
    await assert.rejects(SELF.getRpcMethodForTestOnly("dup")(), { message: "'dup' is a reserved method and cannot be called over RPC." });
    assert.strictEqual(await SELF.getRpcMethodForTestOnly("call")(() => 1), 1);
  },
};

// What a promise of RPC has in an object is not looked into.
export const promisesOfOthers = {
  async test(controller, { SELF }) {
    const holder = () => {};
    holder.promise = SELF.call(() => ({ x: 1 }));
    assert.deepEqual(await SELF.returned(holder).promise, { x: 1 });
    await assert.rejects(async () => await SELF.returned(holder).promise.x, { name: "TypeError", message: 'The RPC receiver does not implement the method "promise".' });
  },
};

export const objectAsTail = {
  async test(controller, { LOADER }, { exports }) {
    const tail = exports.Tail.get(exports.Tail.idFromName("tail"));
    const worker = LOADER.get("tailed", () => ({
      compatibilityDate: "2026-01-01",
      compatibilityFlags: ["experimental"],
      allowExperimental: true,
      mainModule: "main.js",
      modules: { "main.js": "export default { fetch() { console.log('tailed', 1); return new Response(); } };" },
      tails: [tail],
    }));
    await (await worker.getEntrypoint().fetch("http://x/")).text();
    assert.deepStrictEqual(await tail.seen(), ["tailed", 1]);
  },
};

export const cacheModes = {
  async test(controller, { LOADER }) {
    const code = `export default { fetch() {
      const tried = ["no-store", "no-cache", "reload"].map((cache) => { try { return new Request("http://x/", { cache }).cache; } catch (error) { return String(error); } });
      return Response.json(["cache" in Request.prototype, ...tried]);
    } };`;
    const run = async (compatibilityDate) => {
      const worker = LOADER.get(null, () => ({ compatibilityDate, mainModule: "main.js", modules: { "main.js": code } }));
      return (await worker.getEntrypoint().fetch("http://x/")).json();
    };
    const absent = "Error: The 'cache' field on 'RequestInitializerDict' is not implemented.";
    assert.deepStrictEqual(await run("2024-11-10"), [false, absent, absent, absent]);
    assert.deepStrictEqual(await run("2025-08-06"), [true, "no-store", "TypeError: Unsupported cache mode: no-cache", "TypeError: Unsupported cache mode: reload"]);
    assert.deepStrictEqual(await run("2025-08-07"), [true, "no-store", "no-cache", "TypeError: Unsupported cache mode: reload"]);
  },
};
