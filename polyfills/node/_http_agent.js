"use strict";
// node:_http_agent, an old name of what node:http has.

const { Agent, globalAgent } = require("node/internal_http_agent");

module.exports = { Agent, globalAgent };
