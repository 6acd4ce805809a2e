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
  let start = 0;
  let equals = -1;
  let coded = false;
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? StringPrototypeCharCodeAt(text, at) : 0x26;
    if (unit === 0x3d) {
      if (equals < 0) equals = at;
    } else if (unit === 0x25 || unit === 0x2b) {
      coded = true;
    } else if (unit === 0x26) {
      if (at > start) appendPair(list, text, start, equals < 0 ? at : equals, at, coded);
      start = at + 1;
      equals = -1;
      coded = false;
    }
  }
  return list;
}

function appendPair(list, text, start, equals, end, coded) {
  const name = StringPrototypeSlice(text, start, equals);
  const value = StringPrototypeSlice(text, equals + 1, end);
  list[list.length] = coded ? decode(name) : name;
  list[list.length] = coded ? decode(value) : value;
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
