"use strict";
// node:_http_incoming, an old name of what node:http has.

const { IncomingMessage } = require("node/internal_http_incoming");

module.exports = { IncomingMessage };
