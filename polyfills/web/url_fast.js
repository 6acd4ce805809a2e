"use strict";
// The front door of the URL parser. Nearly every URL that a worker sees is an ASCII http(s) URL in normal form already:
// one pass over its units proves that, and the string itself is the result. Everything else goes to the full parser.

const { StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeStartsWith, Uint8Array } = primordials;
const { kFragment, kPath, kSets, kSpecialQuery } = require("web/url_encode");
const parser = require.lazy("web/url_parser");
const { Offsets, recordOf, serialize } = require("web/url_record");

// What a unit is within a host: 0 leave it to the full parser, 1 plain, 2 digit, 3 hyphen, 4 dot, 5 colon, 6 slash.
const kHostUnits = makeHostUnits();

function makeHostUnits() {
  const table = new Uint8Array(128);
  for (let unit = 0x61; unit <= 0x7a; unit++) table[unit] = 1;
  for (let unit = 0x30; unit <= 0x39; unit++) table[unit] = 2;
  table[0x5f] = 1;
  table[0x2d] = 3;
  table[0x2e] = 4;
  table[0x3a] = 5;
  table[0x2f] = 6;
  return table;
}

/** Index of the slash that ends a plain domain and port, text.length without one, or -1. */
function scanAuthority(text, start, defaultPort) {
  let labelStart = start;
  let lastLabel = 0;
  let at = start;
  for (; at < text.length; at++) {
    const unit = StringPrototypeCharCodeAt(text, at);
    const kind = unit < 0x80 ? kHostUnits[unit] : 0;
    if (kind === 0) return -1;
    if (kind >= 5) break;
    if (kind === 4) labelStart = at + 1;
    // A label with "--" may be "xn--".
    else if (kind === 3 && at > start && StringPrototypeCharCodeAt(text, at - 1) === 0x2d) return -1;
    else if (at === labelStart) lastLabel = kind;
  }
  if (at === start || (lastLabel === 2 && !isDottedQuad(text, start, at))) return -1;
  return at < text.length && StringPrototypeCharCodeAt(text, at) === 0x3a ? scanPort(text, at + 1, defaultPort) : at;
}

// Whether text[start, end) is four decimal numbers up to 255 without leading zeros. Another host whose last label starts
// with a digit may be an unusual IPv4 address.
function isDottedQuad(text, start, end) {
  let dots = 0;
  let value = -1;
  for (let at = start; at < end; at++) {
    const unit = StringPrototypeCharCodeAt(text, at);
    if (unit === 0x2e) {
      if (value < 0) return false;
      dots++;
      value = -1;
      continue;
    }
    if (unit < 0x30 || unit > 0x39 || value === 0) return false;
    value = (value < 0 ? 0 : value * 10) + unit - 0x30;
    if (value > 255) return false;
  }
  return dots === 3 && value >= 0;
}

// Goes on with a port: digits without a leading zero, not the default one.
function scanPort(text, start, defaultPort) {
  let port = 0;
  let at = start;
  for (; at < text.length; at++) {
    const unit = StringPrototypeCharCodeAt(text, at);
    if (unit === 0x2f) break;
    if (unit < 0x30 || unit > 0x39) return -1;
    port = port * 10 + unit - 0x30;
  }
  if (at === start || at > start + 5 || port > 65535 || port === defaultPort || StringPrototypeCharCodeAt(text, start) === 0x30) return -1;
  return at;
}

/** Whether text[at...] is path, query and fragment in normal form; `at` is at the first slash. */
function scanPath(text, at) {
  let slash = false;
  for (; at < text.length; at++) {
    const unit = StringPrototypeCharCodeAt(text, at);
    if (unit === 0x3f) return scanRest(text, at + 1, kSpecialQuery);
    if (unit === 0x23) return scanRest(text, at + 1, kFragment);
    if (unit > 0x7f || (kSets[unit] & kPath) !== 0 || unit === 0x5c) return false;
    // A segment that starts with "." or "%" may be a dot segment.
    if (slash && (unit === 0x2e || unit === 0x25)) return false;
    slash = unit === 0x2f;
  }
  return true;
}

function scanRest(text, at, set) {
  for (; at < text.length; at++) {
    const unit = StringPrototypeCharCodeAt(text, at);
    if (unit === 0x23 && set === kSpecialQuery) return scanRest(text, at + 1, kFragment);
    if (unit > 0x7f || (kSets[unit] & set) !== 0) return false;
  }
  return true;
}

// The serialisation if `text` is a plain http(s) URL, else undefined.
function parsePlain(text) {
  let at;
  if (StringPrototypeStartsWith(text, "https://")) at = scanAuthority(text, 8, 443);
  else if (StringPrototypeStartsWith(text, "http://")) at = scanAuthority(text, 7, 80);
  else return undefined;
  if (at < 0) return undefined;
  if (at === text.length) return text + "/";
  return scanPath(text, at) ? text : undefined;
}

// The same for "/path" against a serialised http(s) URL.
function parsePlainPath(text, base) {
  if (StringPrototypeCharCodeAt(text, 0) !== 0x2f || StringPrototypeCharCodeAt(text, 1) === 0x2f) return undefined;
  if (!StringPrototypeStartsWith(base, "https://") && !StringPrototypeStartsWith(base, "http://")) return undefined;
  return scanPath(text, 0) ? StringPrototypeSlice(base, 0, new Offsets(base).authorityEnd) + text : undefined;
}

/**
 * Parses a URL string, which need not be well-formed.
 * @param {string} input
 * @param {string} [base] a URL string
 * @returns {string | undefined} the serialised URL, undefined on failure
 */
function parseHref(input, base) {
  if (base !== undefined) return parseAgainst(input, base);
  const plain = parsePlain(input);
  return plain === undefined ? parseFully(input, undefined) : plain;
}

// The base that was last parsed, its serialisation and its record: many URLs in a row have the same.
let lastBase;
let lastHref;
let lastRecord;

function parseAgainst(input, base) {
  if (base !== lastBase) {
    const href = parseHref(base);
    if (href === undefined) return undefined;
    lastBase = base;
    lastHref = href;
    lastRecord = undefined;
  }
  const plain = parsePlainPath(input, lastHref);
  if (plain !== undefined) return plain;
  const absolute = parsePlain(input);
  return absolute === undefined ? parseFully(input, (lastRecord ??= recordOf(lastHref))) : absolute;
}

function parseFully(input, base) {
  const url = parser().parseRecord(input, base);
  return url === undefined ? undefined : serialize(url);
}

module.exports = { parseHref };
