"use strict";
// node:http. https://nodejs.org/docs/latest-v22.x/api/http.html

const { Agent, globalAgent } = require("node/internal_http_agent");
const { validateHeaderName, validateHeaderValue } = require("node/internal_http_checks");
const { ClientRequest } = require("node/internal_http_client");
const { METHODS, STATUS_CODES } = require("node/internal_http_constants");
const { IncomingMessage } = require("node/internal_http_incoming");
const { OutgoingMessage } = require("node/internal_http_outgoing");
const { ServerResponse } = require("node/internal_http_response");
const { Server, _connectionListener } = require("node/internal_http_server");
const { fail } = require("node/internal_stubs");
const { validateInteger } = require("node/internal_validators");
const { state } = require("core/worker");
const { WebSocket } = require("web/websocket");
const { CloseEvent, MessageEvent } = require("web/event");

function request(url, options, cb) {
  return new ClientRequest(url, options, cb);
}

function get(url, options, cb) {
  const req = request(url, options, cb);
  req.end();
  return req;
}

function createServer(options, handler) {
  if (!state.flags.enable_nodejs_http_server_modules) fail("createServer");
  return new Server(options, handler);
}

function setMaxIdleHTTPParsers(max) {
  validateInteger(max, "max", 1);
}

module.exports = {
  validateHeaderName,
  validateHeaderValue,
  METHODS,
  STATUS_CODES,
  ClientRequest,
  request,
  get,
  OutgoingMessage,
  Agent,
  globalAgent,
  IncomingMessage,
  Server,
  ServerResponse,
  createServer,
  maxHeaderSize: 16384,
  setMaxIdleHTTPParsers,
  _connectionListener,
  WebSocket,
  CloseEvent,
  MessageEvent,
};
