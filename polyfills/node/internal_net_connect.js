"use strict";
// How a net.Socket finds whom to connect to. https://nodejs.org/docs/latest-v22.x/api/net.html#socketconnectoptions-connectlistener

const errors = require.lazy("node/internal_errors");
const netErrors = require.lazy("node/internal_net_errors");
const sockets = require.lazy("node/internal_net_socket");
const { isIP } = require("node/internal_net_address");
const { validateBoolean, validateFunction, validateInt32, validateNumber } = require("node/internal_validators");
const { connectOn } = require("cloudflare/socket");

const given = (value) => value !== undefined && value !== null;

function checkOptions(options) {
  const { autoSelectFamily, autoSelectFamilyAttemptTimeout, localAddress, localPort, lookup, port } = options;
  if (localAddress && !isIP(localAddress)) throw new (netErrors().ERR_INVALID_IP_ADDRESS)(localAddress);
  if (localPort) validateNumber(localPort, "options.localPort");
  if (typeof port !== "number" && typeof port !== "string") {
    throw new (errors().ERR_INVALID_ARG_TYPE)("options.port", ["number", "string"], port);
  }
  netErrors().validatePort(port);
  if (given(autoSelectFamily)) validateBoolean(autoSelectFamily, "options.autoSelectFamily");
  if (given(autoSelectFamilyAttemptTimeout)) validateInt32(autoSelectFamilyAttemptTimeout, "options.autoSelectFamilyAttemptTimeout", 1);
  if (given(lookup)) validateFunction(lookup, "options.lookup");
}

/** Connects `socket`, whose options are those of connect(); the rest happens by its events. */
function connectSocket(socket, options) {
  const { host = "localhost", family, hints, lookup } = options;
  checkOptions(options);
  const port = options.port | 0;
  socket._unrefTimer();
  socket.connecting = true;
  const addressType = isIP(host);
  if (addressType !== 0 || !given(lookup)) {
    open(socket, host, port, addressType, addressType);
    return;
  }
  lookup(host, { family: family || addressType, hints }, (error, address, found) => {
    socket.emit("lookup", error, address, found, host);
    if (error) {
      socket.destroy(error);
      return;
    }
    if (isIP(address) === 0) throw new (netErrors().ERR_INVALID_IP_ADDRESS)(address);
    if (found !== 4 && found !== 6 && found !== "IPv4" && found !== "IPv6") {
      throw new (errors().ERR_INVALID_ARG_VALUE)("family", found, "must be 4 or 6");
    }
    open(socket, address, port, found, addressType);
  });
}

function open(socket, host, port, family, addressType) {
  const { attach, kPeer } = sockets();
  socket[kPeer] = { address: host, port, family: family === 4 ? "IPv4" : family === 6 ? "IPv6" : undefined };
  if (family === 6) host = `[${host}]`;
  socket.autoSelectFamilyAttemptedAddresses = [`${host}:${port}`];
  socket.emit("connectionAttempt", host, port, addressType);
  socket._host = `${host}`;
  try {
    const how = { __proto__: null, allowHalfOpen: socket.allowHalfOpen, secureTransport: socket.encrypted ? "on" : "starttls" };
    attach(socket, connectOn(0, `${host}:${port}`, how, "SocketsModule"), { host: socket._host, port, addressType }, false);
    socket._undestroy();
    socket._sockname = null;
  } catch (error) {
    socket.destroy(error);
  }
}

module.exports = { connectSocket };
