"use strict";
// node:net: connections over TCP. https://nodejs.org/docs/latest-v22.x/api/net.html

const errors = require.lazy("node/internal_errors");
const { SocketAddress, isIP, isIPv4, isIPv6 } = require("node/internal_net_address");
const { normalizeArgs } = require("node/internal_net_args");
const { BlockList } = require("node/internal_net_block_list");
const { Server, createServer } = require("node/internal_net_server");
const { Socket } = require("node/internal_net_socket");
const { validateInt32 } = require("node/internal_validators");

function connect(...args) {
  const normalized = normalizeArgs(args);
  const [options] = normalized;
  const socket = new Socket(options);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket.destroyed ? socket : socket.connect(normalized);
}

function _normalizeArgs(args) {
  return normalizeArgs(args);
}

// Which address of several a connection goes to is not up to the program.
function getDefaultAutoSelectFamily() {
  return false;
}

function setDefaultAutoSelectFamily(val) {
  if (val) throw new (errors().ERR_INVALID_ARG_VALUE)("val", val);
}

let attemptTimeout = 10;

function getDefaultAutoSelectFamilyAttemptTimeout() {
  return attemptTimeout;
}

function setDefaultAutoSelectFamilyAttemptTimeout(val) {
  validateInt32(val, "val", 1);
  attemptTimeout = val < 10 ? 10 : val;
}

module.exports = {
  BlockList,
  Server,
  Socket,
  SocketAddress,
  Stream: Socket,
  _normalizeArgs,
  connect,
  createConnection: connect,
  createServer,
  getDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  isIP,
  isIPv4,
  isIPv6,
  setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout,
};
