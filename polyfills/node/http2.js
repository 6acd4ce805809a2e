"use strict";
// node:http2: constants, and functions that fail. https://nodejs.org/docs/latest-v22.x/api/http2.html

const { ObjectCreate, Symbol } = primordials;
const { Buffer } = require("node/internal_buffer");
const constants = require("node/internal_http2_constants");
const { fail, stub } = require("node/internal_stubs");

function failingClass(what) {
  return class {
    constructor() {
      fail(what);
    }
  };
}

// They are inherited, as in the reference runtime.
const defaults = {
  headerTableSize: 4096,
  enablePush: true,
  initialWindowSize: 65_535,
  maxFrameSize: 16_384,
  maxConcurrentStreams: 4_294_967_295,
  maxHeaderSize: 65_535,
  maxHeaderListSize: 65_535,
  enableConnectProtocol: false,
};

function getDefaultSettings(...args) {
  return ObjectCreate({ ...defaults });
}

function getPackedSettings(...args) {
  return Buffer.alloc(0);
}

function getUnpackedSettings(...args) {
  return {};
}

module.exports = {
  Http2ServerRequest: failingClass("http2.Http2ServerRequest"),
  Http2ServerResponse: failingClass("http2.Http2ServerResponse"),
  connect: stub("connect", "http2.connect"),
  constants,
  createSecureServer: stub("createSecureServer", "http2.createSecureServer"),
  createServer: stub("createServer", "http2.createServer"),
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  performServerHandshake: stub("performServerHandshake", "http2.performServerHandshake"),
  sensitiveHeaders: Symbol("nodejs.http2.sensitiveHeaders"),
};
