"use strict";
// The global scope: ServiceWorkerGlobalScope < WorkerGlobalScope < EventTarget.
// https://html.spec.whatwg.org/#workerglobalscope, https://w3c.github.io/ServiceWorker/#serviceworkerglobalscope

const { ObjectDefineProperty } = primordials;
const { define, illegalConstructor } = require("core/webidl");
const { EventTarget, internals } = require("web/event_target");

let constructible = false;

class WorkerGlobalScope extends EventTarget {
  constructor() {
    if (!constructible) throw illegalConstructor();
    super();
  }
}
define(WorkerGlobalScope, "WorkerGlobalScope");

class ServiceWorkerGlobalScope extends WorkerGlobalScope {}
define(ServiceWorkerGlobalScope, "ServiceWorkerGlobalScope");

function own(object, name, value, writable = true) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable, configurable: true, enumerable: true });
}

/** Makes `global` an event target and gives it what only it has. */
function initGlobalScope(global) {
  internals.initEventTarget(global);
  own(global, "self", global);
  own(global, "origin", "null", false);
  own(global, "ServiceWorkerGlobalScope", ServiceWorkerGlobalScope);
  own(ServiceWorkerGlobalScope.prototype, "WorkerGlobalScope", WorkerGlobalScope);
}

/** How many listeners the worker has for "fetch" events. */
function fetchListeners() {
  return internals.listenerCount(globalThis, "fetch");
}

module.exports = { WorkerGlobalScope, ServiceWorkerGlobalScope, initGlobalScope, fetchListeners };
