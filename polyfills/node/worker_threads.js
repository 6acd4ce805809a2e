"use strict";
// node:worker_threads: there is the main thread only. https://nodejs.org/docs/latest-v22.x/api/worker_threads.html

const { Map, MapPrototypeGet, MapPrototypeSet, PromiseReject, Symbol, SymbolFor, TypeError } = primordials;
const { EventEmitter } = require("node/events");
const errors = require.lazy("node/internal_errors");
const { fail, stub } = require("node/internal_stubs");

class BroadcastChannel {
  constructor() {
    fail("BroadcastChannel");
  }
}

class Worker extends EventEmitter {
  constructor() {
    super();
    fail("Worker");
  }

  cpuUsage(prev) {
    return PromiseReject(new (errors().ERR_METHOD_NOT_IMPLEMENTED)("Worker.cpuUsage"));
  }

  postMessage(value, transferList) {}

  async postMessageToThread(threadId, value, transferList, timeout) {}

  ref() {}

  unref() {}

  async terminate() {
    fail("Worker.terminate");
  }

  async getHeapSnapshot() {
    fail("Worker.getHeapSnapshot");
  }

  async getHeapStatistics() {
    fail("Worker.getHeapStatistics");
  }

  async startCpuProfile() {
    fail("Worker.startCpuProfile");
  }

  async startHeapProfile() {
    fail("Worker.startHeapProfile");
  }

  async [Symbol.asyncDispose]() {}
}

const environment = new Map();

function getEnvironmentData(key) {
  return MapPrototypeGet(environment, key);
}

function setEnvironmentData(key, value) {
  MapPrototypeSet(environment, key, value);
}

function isMarkedAsUntransferable(value) {
  return false;
}

function markAsUntransferable(value) {}

function markAsUncloneable(value) {}

function moveMessagePortToContext(port, contextifiedSandbox) {
  throw new TypeError("Illegal constructor");
}

function receiveMessageOnPort(port) {
  return undefined;
}

module.exports = {
  BroadcastChannel,
  MessageChannel: globalThis.MessageChannel,
  MessagePort: globalThis.MessagePort,
  SHARE_ENV: SymbolFor("nodejs.worker_threads.SHARE_ENV"),
  Worker,
  getEnvironmentData,
  isInternalThread: false,
  isMainThread: true,
  isMarkedAsUntransferable,
  markAsUncloneable,
  markAsUntransferable,
  moveMessagePortToContext,
  parentPort: null,
  postMessageToThread: stub("postMessageToThread", "postMessageToThread", 4),
  receiveMessageOnPort,
  resourceLimits: {},
  setEnvironmentData,
  threadId: 0,
  workerData: null,
};
