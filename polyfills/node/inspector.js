"use strict";
// node:inspector: nothing to inspect with. https://nodejs.org/docs/latest-v22.x/api/inspector.html

const { ObjectDefineProperty, ObjectKeys, Symbol } = primordials;
const { EventEmitter } = require("node/events");
const { fail, stubMethods } = require("node/internal_stubs");

class StubSession extends EventEmitter {
  constructor() {
    super();
    fail("Session");
  }
}
stubMethods(StubSession.prototype, "Session.", { connect: 0, connectToMainThread: 0, disconnect: 0, post: 3 });

const Network = {};
const events = {
  requestWillBeSent: 1,
  dataReceived: 1,
  dataSent: 1,
  responseReceived: 1,
  loadingFinished: 1,
  loadingFailed: 1,
  webSocketCreated: 1,
  webSocketHandshakeResponseReceived: 1,
  webSocketClosed: 1,
};
stubMethods(Network, "Network.", events);
const names = ObjectKeys(events);
for (let i = 0; i < names.length; i++) ObjectDefineProperty(Network, names[i], { __proto__: null, enumerable: true });

const noop = () => {};
const console = {
  debug: noop,
  error: noop,
  info: noop,
  log: noop,
  warn: noop,
  dir: noop,
  dirxml: noop,
  table: noop,
  trace: noop,
  group: noop,
  groupCollapsed: noop,
  groupEnd: noop,
  clear: noop,
  count: noop,
  countReset: noop,
  assert: noop,
  profile: noop,
  profileEnd: noop,
  time: noop,
  timeLog: noop,
  timeStamp: noop,
};

function close() {}

function open(port, host, wait) {
  return { async [Symbol.dispose]() {} };
}

function url() {
  return undefined;
}

function waitForDebugger() {}

module.exports = { Network, Session: StubSession, close, console, open, url, waitForDebugger };
