"use strict";
// node:_http_common, what the parts of node:http share.

const { _checkInvalidHeaderChar, _checkIsHttpToken, chunkExpression, kIncomingMessage } = require("node/internal_http_checks");
const { METHODS } = require("node/internal_http_constants");

module.exports = {
  _checkIsHttpToken,
  _checkInvalidHeaderChar,
  chunkExpression,
  CRLF: "\r\n",
  continueExpression: /(?:^|\W)100-continue(?:$|\W)/i,
  methods: METHODS,
  parsers: { name: "parsers", max: 1000 },
  kIncomingMessage,
};
