"use strict";
// node:_http_server, an old name of what node:http has.

const { kServerResponse } = require("node/internal_http_checks");
const { STATUS_CODES } = require("node/internal_http_constants");
const { ServerResponse } = require("node/internal_http_response");
const { Server, _connectionListener, httpServerPreClose, kConnectionsCheckingInterval, setupConnectionsTracking, storeHTTPOptions } = require("node/internal_http_server");

module.exports = {
  STATUS_CODES,
  Server,
  ServerResponse,
  setupConnectionsTracking,
  storeHTTPOptions,
  _connectionListener,
  kServerResponse,
  httpServerPreClose,
  kConnectionsCheckingInterval,
};
