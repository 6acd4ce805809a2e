"use strict";
// The module cloudflare:sockets. https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/

/** Opens a TCP connection over the worker's outbound. */
function connect(address, options) {
  return require("cloudflare/socket").connectOn(0, address, options, "SocketsModule");
}

module.exports = { connect };
