"use strict";
// application/x-www-form-urlencoded. Lists of tuples are flat arrays: name, value, name, value...
// https://url.spec.whatwg.org/#application/x-www-form-urlencoded

const { StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeToWellFormed } = primordials;
const { kForm, percentDecode, percentEncode } = require("web/url_encode");

function decode(text) {
  const plus = StringPrototypeIndexOf(text, "+");
  return percentDecode(plus < 0 ? text : plusToSpace(text, plus));
}

function plusToSpace(text, plus) {
  let out = "";
  let from = 0;
  for (; plus >= 0; plus = StringPrototypeIndexOf(text, "+", from)) {
    out += StringPrototypeSlice(text, from, plus) + " ";
    from = plus + 1;
  }
  return out + StringPrototypeSlice(text, from);
}

/**
 * https://url.spec.whatwg.org/#concept-urlencoded-string-parser
 * @param {string} input without a leading "?"
 * @returns {string[]} name, value, name, value...
 */
function parseFormUrlencoded(input) {
  const text = StringPrototypeToWellFormed(input);
  const list = [];
  let at = 0;
  while (at < text.length) {
    const next = StringPrototypeIndexOf(text, "&", at);
    const end = next < 0 ? text.length : next;
    if (end > at) appendPair(list, text, at, end);
    at = end + 1;
  }
  return list;
}

function appendPair(list, text, at, end) {
  let equals = at;
  while (equals < end && StringPrototypeCharCodeAt(text, equals) !== 0x3d) equals++;
  list[list.length] = decode(StringPrototypeSlice(text, at, equals));
  list[list.length] = equals < end ? decode(StringPrototypeSlice(text, equals + 1, end)) : "";
}

/** https://url.spec.whatwg.org/#concept-urlencoded-serializer */
function serializeForm(list) {
  let out = "";
  for (let i = 0; i < list.length; i += 2) {
    if (i > 0) out += "&";
    out += percentEncode(list[i], kForm, "+") + "=" + percentEncode(list[i + 1], kForm, "+");
  }
  return out;
}

module.exports = { parseFormUrlencoded, serializeForm };
