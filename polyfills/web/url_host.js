"use strict";
// Hosts: domains, IPv4 and IPv6 addresses, opaque hosts. https://url.spec.whatwg.org/#host-parsing

const {
  MathFloor,
  NumberPrototypeToString,
  StringPrototypeCharCodeAt,
  StringPrototypeLastIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeToLowerCase,
  Uint8Array,
} = primordials;
const { kC0, hexValue, percentDecode, percentEncode } = require("web/url_encode");

// Forbidden code points: bit 1 in any host, bit 2 in a domain.
const kForbidden = makeForbidden();

function makeForbidden() {
  const table = new Uint8Array(128);
  for (let unit = 0; unit <= 0x20; unit++) table[unit] = 2;
  table[0x7f] = 2;
  table[0x25] = 2;
  const host = "\0\t\n\r #/:<>?@[\\]^|";
  for (let i = 0; i < host.length; i++) table[StringPrototypeCharCodeAt(host, i)] = 3;
  return table;
}

function hasForbidden(text, bit) {
  for (let i = 0; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    if (unit < 0x80 && (kForbidden[unit] & bit) !== 0) return true;
  }
  return false;
}

function isDigit(unit) {
  return unit >= 0x30 && unit <= 0x39;
}

/**
 * The serialised host, or undefined on failure. https://url.spec.whatwg.org/#concept-host-parser
 * @param {string} text
 * @param {boolean} opaque whether the scheme is not special
 */
function parseHost(text, opaque) {
  if (StringPrototypeCharCodeAt(text, 0) === 0x5b) {
    if (StringPrototypeCharCodeAt(text, text.length - 1) !== 0x5d) return undefined;
    const pieces = parseIPv6(StringPrototypeSlice(text, 1, -1));
    return pieces === undefined ? undefined : `[${serializeIPv6(pieces)}]`;
  }
  if (opaque) return hasForbidden(text, 1) ? undefined : percentEncode(text, kC0);
  const domain = domainToASCII(percentDecode(text));
  if (domain === undefined) return undefined;
  return endsInNumber(domain) ? parseIPv4(domain) : domain;
}

// Domain to ASCII, not strict: for ASCII without "xn--" labels it is lowercasing. https://url.spec.whatwg.org/#concept-domain-to-ascii
function domainToASCII(domain) {
  const ascii = isPlainASCII(domain) ? StringPrototypeToLowerCase(domain) : askHost(domain);
  return ascii === null || ascii === "" || hasForbidden(ascii, 2) ? undefined : ascii;
}

// What the host was last asked, and has said.
let lastDomain;
let lastAnswer;

function askHost(domain) {
  if (domain !== lastDomain) {
    lastAnswer = ops.op_domain_to_ascii(domain, false);
    lastDomain = domain;
  }
  return lastAnswer;
}

function isPlainASCII(domain) {
  for (let i = 0; i < domain.length; i++) {
    const unit = StringPrototypeCharCodeAt(domain, i);
    if (unit > 0x7f) return false;
    if (unit === 0x2d && startsLabelWithXn(domain, i)) return false;
  }
  return true;
}

// Whether the hyphen at `index` is the first one of a label's "xn--".
function startsLabelWithXn(domain, index) {
  return (
    index >= 2 && StringPrototypeCharCodeAt(domain, index + 1) === 0x2d &&
    (StringPrototypeCharCodeAt(domain, index - 1) | 0x20) === 0x6e && (StringPrototypeCharCodeAt(domain, index - 2) | 0x20) === 0x78 &&
    (index === 2 || StringPrototypeCharCodeAt(domain, index - 3) === 0x2e)
  );
}

// https://url.spec.whatwg.org/#ends-in-a-number-checker
function endsInNumber(domain) {
  let end = domain.length;
  if (StringPrototypeCharCodeAt(domain, end - 1) === 0x2e) end--;
  const start = end === 0 ? 0 : StringPrototypeLastIndexOf(domain, ".", end - 1) + 1;
  if (start >= end || !isDigit(StringPrototypeCharCodeAt(domain, start))) return false;
  let digits = start;
  while (digits < end && isDigit(StringPrototypeCharCodeAt(domain, digits))) digits++;
  return digits === end || parseIPv4Number(StringPrototypeSlice(domain, start, end)) >= 0;
}

// The number, or -1. https://url.spec.whatwg.org/#ipv4-number-parser
function parseIPv4Number(text) {
  if (text === "") return -1;
  let radix = 10;
  let at = 0;
  if (text.length >= 2 && StringPrototypeCharCodeAt(text, 0) === 0x30) {
    const hex = (StringPrototypeCharCodeAt(text, 1) | 0x20) === 0x78;
    radix = hex ? 16 : 8;
    at = hex ? 2 : 1;
  }
  let value = 0;
  for (; at < text.length; at++) {
    const digit = hexValue(StringPrototypeCharCodeAt(text, at));
    if (digit < 0 || digit >= radix) return -1;
    value = value * radix + digit;
  }
  return value;
}

// https://url.spec.whatwg.org/#concept-ipv4-parser
function parseIPv4(text) {
  const parts = StringPrototypeSplit(text, ".");
  let count = parts.length;
  if (parts[count - 1] === "" && count > 1) count--;
  if (count > 4) return undefined;
  let address = 0;
  for (let i = 0; i < count; i++) {
    const number = parseIPv4Number(parts[i]);
    if (number < 0) return undefined;
    if (i < count - 1) {
      if (number > 255) return undefined;
      address += number * 256 ** (3 - i);
    } else {
      if (number >= 256 ** (5 - count)) return undefined;
      address += number;
    }
  }
  return `${MathFloor(address / 0x1000000)}.${MathFloor(address / 0x10000) % 256}.${MathFloor(address / 0x100) % 256}.${address % 256}`;
}

// The eight pieces, or undefined. https://url.spec.whatwg.org/#concept-ipv6-parser
function parseIPv6(text) {
  const pieces = [0, 0, 0, 0, 0, 0, 0, 0];
  const length = text.length;
  let index = 0;
  let compress = -1;
  let at = 0;
  if (StringPrototypeCharCodeAt(text, 0) === 0x3a) {
    if (StringPrototypeCharCodeAt(text, 1) !== 0x3a) return undefined;
    at = 2;
    compress = ++index;
  }
  while (at < length) {
    if (index === 8) return undefined;
    if (StringPrototypeCharCodeAt(text, at) === 0x3a) {
      if (compress >= 0) return undefined;
      at++;
      compress = ++index;
      continue;
    }
    const start = at;
    let value = 0;
    for (let digit; at < length && at - start < 4 && (digit = hexValue(StringPrototypeCharCodeAt(text, at))) >= 0; at++) value = value * 16 + digit;
    const unit = at < length ? StringPrototypeCharCodeAt(text, at) : 0;
    if (unit === 0x2e) {
      if (at === start || index > 6 || !parseEmbeddedIPv4(text, start, pieces, index)) return undefined;
      index += 2;
      break;
    }
    if (unit === 0x3a) {
      if (++at === length) return undefined;
    } else if (at < length) {
      return undefined;
    }
    pieces[index++] = value;
  }
  if (compress < 0) return index === 8 ? pieces : undefined;
  shiftCompressed(pieces, compress, index);
  return pieces;
}

// Moves what stands after "::" to the end.
function shiftCompressed(pieces, compress, index) {
  let to = 7;
  for (let from = index - 1; from >= compress && to !== from; from--) {
    pieces[to--] = pieces[from];
    pieces[from] = 0;
  }
}

// The dotted tail of an IPv6 address: four decimal numbers without leading zeros, to the end of the text.
function parseEmbeddedIPv4(text, at, pieces, index) {
  for (let part = 0; part < 4; part++) {
    if (part > 0 && StringPrototypeCharCodeAt(text, at++) !== 0x2e) return false;
    const start = at;
    let value = 0;
    while (at < text.length && isDigit(StringPrototypeCharCodeAt(text, at))) {
      if (at > start && value === 0) return false;
      value = value * 10 + StringPrototypeCharCodeAt(text, at++) - 0x30;
      if (value > 255) return false;
    }
    if (at === start) return false;
    const piece = index + (part >> 1);
    pieces[piece] = pieces[piece] * 256 + value;
  }
  return at === text.length;
}

// https://url.spec.whatwg.org/#concept-ipv6-serializer
function serializeIPv6(pieces) {
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && pieces[end] === 0) end++;
    if (end - i > bestLength) {
      best = i;
      bestLength = end - i;
    }
    if (end > i) i = end - 1;
  }
  let out = "";
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      out += i === 0 ? "::" : ":";
      i += bestLength - 1;
      continue;
    }
    out += NumberPrototypeToString(pieces[i], 16);
    if (i < 7) out += ":";
  }
  return out;
}

/** Index of the colon before a port in text[at, end), -1 if there is none; colons within brackets do not count. */
function portColon(text, at, end) {
  let inBrackets = false;
  for (let i = at; i < end; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    if (unit === 0x5b) inBrackets = true;
    else if (unit === 0x5d) inBrackets = false;
    else if (unit === 0x3a && !inBrackets) return i;
  }
  return -1;
}

module.exports = { parseHost, portColon };
