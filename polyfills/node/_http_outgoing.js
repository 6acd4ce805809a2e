"use strict";
// node:_http_outgoing, an old name of what node:http has.

const { kUniqueHeaders, parseUniqueHeadersOption, validateHeaderName, validateHeaderValue } = require("node/internal_http_checks");
const { OutgoingMessage, kHighWaterMark } = require("node/internal_http_outgoing");

module.exports = { validateHeaderName, validateHeaderValue, kUniqueHeaders, kHighWaterMark, parseUniqueHeadersOption, OutgoingMessage };
