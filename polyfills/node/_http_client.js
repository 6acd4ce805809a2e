"use strict";
// node:_http_client, an old name of what node:http has.

const { ClientRequest } = require("node/internal_http_client");

module.exports = { ClientRequest };
