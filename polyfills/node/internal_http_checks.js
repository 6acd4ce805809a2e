"use strict";
// What may stand in headers. https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2

const { ArrayIsArray, RegExpPrototypeExec, Set, SetPrototypeAdd, StringPrototypeToLowerCase, Symbol } = primordials;
const httpErrors = require.lazy("node/internal_http_errors");

const kToken = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const kInvalid = /[^\t\x20-\x7e\x80-\xff]/;
const chunkExpression = /(?:^|\W)chunked(?:$|\W)/i;

function _checkIsHttpToken(val) {
  return RegExpPrototypeExec(kToken, val) !== null;
}

function _checkInvalidHeaderChar(val) {
  if (!ArrayIsArray(val)) return RegExpPrototypeExec(kInvalid, `${val}`) !== null;
  for (let i = 0; i < val.length; i++) if (RegExpPrototypeExec(kInvalid, val[i]) !== null) return true;
  return false;
}

function validateHeaderName(name, label = "Header name") {
  if (typeof name !== "string" || name === "" || !_checkIsHttpToken(name)) throw new (httpErrors().ERR_INVALID_HTTP_TOKEN)(label, name);
}

function validateHeaderValue(name, value) {
  if (value === undefined) throw new (httpErrors().ERR_HTTP_INVALID_HEADER_VALUE)(value, name);
  if (_checkInvalidHeaderChar(value)) throw new (httpErrors().ERR_INVALID_CHAR)("header content", name);
}

function addNames(set, names) {
  for (let i = 0; i < names.length; i++) {
    if (ArrayIsArray(names[i])) addNames(set, names[i]);
    else SetPrototypeAdd(set, StringPrototypeToLowerCase(names[i]));
  }
  return set;
}

/** The names of headers that are sent once, in lower case; null if the option is none. */
function parseUniqueHeadersOption(headers) {
  return ArrayIsArray(headers) ? addNames(new Set(), headers) : null;
}

module.exports = {
  _checkInvalidHeaderChar,
  _checkIsHttpToken,
  chunkExpression,
  kIncomingMessage: Symbol("IncomingMessage"),
  kServerResponse: Symbol("ServerResponse"),
  kUniqueHeaders: Symbol("kUniqueHeaders"),
  parseUniqueHeadersOption,
  validateHeaderName,
  validateHeaderValue,
};
