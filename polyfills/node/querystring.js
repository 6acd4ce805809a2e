"use strict";
// node:querystring, https://nodejs.org/docs/latest-v22.x/api/querystring.html

const {
  ArrayIsArray,
  NumberIsFinite,
  NumberPrototypeToString,
  ObjectHasOwn,
  ObjectKeys,
  String,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeIsWellFormed,
  StringPrototypeReplaceAll,
  StringPrototypeSlice,
  StringPrototypeToUpperCase,
  decodeURIComponent,
  encodeURIComponent,
} = primordials;
const { ERR_INVALID_URI } = require("node/internal_errors");
const { Buffer } = require("node/internal_buffer");

// Escaping.

function percent(byte) {
  return `%${byte < 16 ? "0" : ""}${StringPrototypeToUpperCase(NumberPrototypeToString(byte, 16))}`;
}

function percentUtf8(code) {
  if (code < 0x800) return percent(0xc0 | (code >> 6)) + percent(0x80 | (code & 0x3f));
  if (code < 0x10000) return percent(0xe0 | (code >> 12)) + percent(0x80 | ((code >> 6) & 0x3f)) + percent(0x80 | (code & 0x3f));
  return percent(0xf0 | (code >> 18)) + percent(0x80 | ((code >> 12) & 0x3f)) + percent(0x80 | ((code >> 6) & 0x3f)) + percent(0x80 | (code & 0x3f));
}

// Text that is not well-formed: any surrogate makes a pair with the unit behind it, whatever that is.
function escapeMalformed(text) {
  let result = "";
  for (let i = 0; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    if (unit < 0x80) {
      result += encodeURIComponent(text[i]);
    } else if (unit < 0xd800 || unit >= 0xe000) {
      result += percentUtf8(unit);
    } else {
      if (++i >= text.length) throw new ERR_INVALID_URI();
      result += percentUtf8(0x10000 + (((unit & 0x3ff) << 10) | (StringPrototypeCharCodeAt(text, i) & 0x3ff)));
    }
  }
  return result;
}

function escape(str) {
  const text = typeof str === "object" ? String(str) : `${str}`;
  // It leaves the same characters alone.
  return StringPrototypeIsWellFormed(text) ? encodeURIComponent(text) : escapeMalformed(text);
}

function hexDigit(text, index) {
  const unit = index < text.length ? StringPrototypeCharCodeAt(text, index) : 0;
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = unit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function unescapeBuffer(s, decodeSpaces) {
  const out = Buffer.alloc(s.length);
  let size = 0;
  for (let i = 0; i < s.length; i++) {
    let byte = StringPrototypeCharCodeAt(s, i);
    if (byte === 0x2b && decodeSpaces) byte = 0x20;
    else if (byte === 0x25) {
      const high = hexDigit(s, i + 1);
      const low = hexDigit(s, i + 2);
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        i += 2;
      }
    }
    out[size++] = byte;
  }
  return size < s.length ? out.slice(0, size) : out;
}

function unescape(s, decodeSpaces) {
  try {
    return decodeURIComponent(s);
  } catch {
    return unescapeBuffer(s, decodeSpaces).toString();
  }
}

// Making.

function primitive(value) {
  if (typeof value === "string") return value;
  if (typeof value === "number" && NumberIsFinite(value)) return `${value}`;
  return typeof value === "bigint" || typeof value === "boolean" ? `${value}` : "";
}

function stringify(obj, sep, eq, options) {
  sep ||= "&";
  eq ||= "=";
  const encode = typeof options?.encodeURIComponent === "function" ? options.encodeURIComponent : escape;
  if (obj === null || typeof obj !== "object") return "";
  let text = "";
  const keys = ObjectKeys(obj);
  for (let i = 0; i < keys.length; i++) {
    const value = obj[keys[i]];
    const name = encode(primitive(keys[i])) + eq;
    const list = ArrayIsArray(value) ? value : [value];
    for (let j = 0; j < list.length; j++) text += (text === "" ? name : sep + name) + encode(primitive(list[j]));
  }
  return text;
}

// Reading.

function isEscaped(text) {
  for (let i = StringPrototypeIndexOf(text, "%"); i >= 0; i = StringPrototypeIndexOf(text, "%", i + 1)) {
    if (hexDigit(text, i + 1) >= 0 && hexDigit(text, i + 2) >= 0) return true;
  }
  return false;
}

// A part of a query as text; `decode` is a function of the caller, if there is one.
function decodePart(part, decode) {
  if (StringPrototypeIncludes(part, "+")) part = StringPrototypeReplaceAll(part, "+", decode === unescape ? " " : "%20");
  if (decode === unescape) return isEscaped(part) ? unescape(part, true) : part;
  try {
    return decode(part);
  } catch {
    return unescape(part, true);
  }
}

function addPair(result, name, value) {
  const known = ObjectHasOwn(result, name) ? result[name] : undefined;
  if (known === undefined) result[name] = value;
  else if (ArrayIsArray(known)) known[known.length] = value;
  else result[name] = [known, value];
}

function parse(qs, sep, eq, options) {
  const result = { __proto__: null };
  if (typeof qs !== "string" || qs.length === 0) return result;
  sep = sep ? `${sep}` : "&";
  eq = eq ? `${eq}` : "=";
  let left = typeof options?.maxKeys === "number" ? options.maxKeys : 1000;
  if (!(left > 0)) left = Infinity;
  const decode = typeof options?.decodeURIComponent === "function" ? options.decodeURIComponent : unescape;
  for (let from = 0; from < qs.length && left > 0; ) {
    // [] is a separator that is nowhere.
    let end = sep === "" ? -1 : StringPrototypeIndexOf(qs, sep, from);
    if (end < 0) end = qs.length;
    if (end > from) {
      const pair = StringPrototypeSlice(qs, from, end);
      const at = StringPrototypeIndexOf(pair, eq);
      const name = at < 0 ? pair : StringPrototypeSlice(pair, 0, at);
      addPair(result, decodePart(name, decode), at < 0 ? "" : decodePart(StringPrototypeSlice(pair, at + eq.length), decode));
    }
    // What is empty between two separators counts, too.
    left--;
    from = end + (sep.length || 1);
  }
  return result;
}

module.exports = { decode: parse, encode: stringify, escape, parse, stringify, unescape, unescapeBuffer };
