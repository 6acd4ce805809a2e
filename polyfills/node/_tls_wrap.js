"use strict";
// node:_tls_wrap, an old name of what node:tls has.

const { TLSSocket, connect } = require("node/internal_tls_socket");

module.exports = { TLSSocket, connect };
