// A CommonJS module around a test file: testharness.js and the file come where their names stand. Tests take relative URLs to be
// below their own, and the harness must not take this for a service worker, whose tests would begin at an event.
exports.run = function (base) {
  const location = new URL(base);
  globalThis.location = location;
  globalThis.GLOBAL = { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false };
  globalThis.importScripts = () => {};
  const absolute = (input) => {
    if (typeof input === "string" || input instanceof URL) {
      try {
        return new URL(input, base).href;
      } catch {
        // Whoever gets it says what is wrong.
      }
    }
    return input;
  };
  const construct = (target, [url, ...rest], newTarget) => Reflect.construct(target, [absolute(url), ...rest], newTarget);
  const call = (target, self, [url, ...rest]) => Reflect.apply(target, self, [absolute(url), ...rest]);
  const realms = { ServiceWorkerGlobalScope, WorkerGlobalScope };
  for (const name of ["Request", "EventSource"]) globalThis[name] = new Proxy(globalThis[name], { construct });
  globalThis.fetch = new Proxy(globalThis.fetch, { apply: (target, self, args) => (args.length ? call(target, self, args) : target()) });
  Response.redirect = new Proxy(Response.redirect, { apply: call });
  globalThis.ServiceWorkerGlobalScope = globalThis.WorkerGlobalScope = class {};
  let report;
  const results = [];
  // However many tests there are, one of them comes to its end in this time.
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => report("timeout"), 15000);
  };
  const finished = new Promise((resolve) => {
    report = (status) => resolve({ status, results });
  });
  // Libraries of the tests look for a module system before they define a global.
  (function (exports, module, require) {
    HARNESS;
    Object.assign(globalThis, realms);
    add_result_callback((t) => {
      wait();
      results.push([t.name, t.status, t.status === 0 ? "" : String(t.message)]);
    });
    add_completion_callback((tests, harness) => report(harness.status === 0 ? "" : String(harness.message)));
    TESTS;
  }).call(globalThis);
  wait();
  return finished;
};
