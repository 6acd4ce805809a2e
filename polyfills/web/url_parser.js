"use strict";
// The basic URL parser. Strings go in and come out serialised: a URL object keeps no record. Instead of one state per code
// point, each function takes the piece between two delimiters. https://url.spec.whatwg.org/#concept-basic-url-parser

const {
  StringPrototypeCharCodeAt,
  StringPrototypeLastIndexOf,
  StringPrototypeSlice,
  StringPrototypeIndexOf,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
  StringPrototypeToWellFormed,
} = primordials;
const { kC0, kFragment, kPath, kQuery, kSpecialQuery, kUserinfo, percentEncode } = require("web/url_encode");
const { parseHost, portColon } = require("web/url_host");
const { UrlRecord, defaultPort, isSpecial } = require("web/url_record");

function isSlash(unit, special) {
  return unit === 0x2f || (unit === 0x5c && special);
}

function isAlpha(unit) {
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isDigit(unit) {
  return unit >= 0x30 && unit <= 0x39;
}

/** Without tabs and newlines. */
function withoutBreaks(text) {
  let out = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    if (unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) continue;
    out += StringPrototypeSlice(text, from, i);
    from = i + 1;
  }
  return from === 0 ? text : out + StringPrototypeSlice(text, from);
}

// Without C0 controls and spaces around it.
function trim(text) {
  let start = 0;
  let end = text.length;
  while (start < end && StringPrototypeCharCodeAt(text, start) <= 0x20) start++;
  while (end > start && StringPrototypeCharCodeAt(text, end - 1) <= 0x20) end--;
  return StringPrototypeSlice(text, start, end);
}

/** Length of the scheme that `text` starts with and a colon follows, -1 if there is none. */
function schemeLength(text) {
  if (!isAlpha(StringPrototypeCharCodeAt(text, 0))) return -1;
  for (let i = 1; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    if (unit === 0x3a) return i;
    if (!isAlpha(unit) && !isDigit(unit) && unit !== 0x2b && unit !== 0x2d && unit !== 0x2e) return -1;
  }
  return -1;
}

/**
 * Parses `input` against a base record.
 * @param {string} input
 * @param {UrlRecord} [base]
 * @returns {UrlRecord | undefined} undefined on failure
 */
function parseRecord(input, base) {
  const text = withoutBreaks(trim(StringPrototypeToWellFormed(input)));
  const url = new UrlRecord();
  const length = schemeLength(text);
  if (length < 0) return base !== undefined && parseWithoutScheme(url, text, base) ? url : undefined;
  url.scheme = StringPrototypeToLowerCase(StringPrototypeSlice(text, 0, length));
  return parseAfterScheme(url, text, length + 1, base) ? url : undefined;
}

// What follows "scheme:".
function parseAfterScheme(url, text, at, base) {
  const sameScheme = base !== undefined && base.scheme === url.scheme;
  if (url.scheme === "file") return parseFile(url, text, at, sameScheme ? base : undefined);
  if (isSpecial(url.scheme)) {
    if (sameScheme && !StringPrototypeStartsWith(text, "//", at)) return parseRelative(url, text, at, base);
    return parseAuthority(url, text, skipSlashes(text, at));
  }
  if (StringPrototypeStartsWith(text, "//", at)) return parseAuthority(url, text, at + 2);
  if (StringPrototypeCharCodeAt(text, at) === 0x2f) return parsePath(url, text, at + 1);
  return parseOpaquePath(url, text, at);
}

// Special authority ignore slashes state.
function skipSlashes(text, at) {
  while (at < text.length && isSlash(StringPrototypeCharCodeAt(text, at), true)) at++;
  return at;
}

// No scheme state.
function parseWithoutScheme(url, text, base) {
  url.scheme = base.scheme;
  if (base.opaque) {
    if (StringPrototypeCharCodeAt(text, 0) !== 0x23) return false;
    url.path = base.path;
    url.opaque = true;
    url.query = base.query;
    return parseTail(url, text, 0);
  }
  return base.scheme === "file" ? parseFile(url, text, 0, base) : parseRelative(url, text, 0, base);
}

function copyAuthority(url, base) {
  url.username = base.username;
  url.password = base.password;
  url.host = base.host;
  url.port = base.port;
}

// Relative state and relative slash state.
function parseRelative(url, text, at, base) {
  const special = isSpecial(url.scheme);
  if (!isSlash(StringPrototypeCharCodeAt(text, at), special)) {
    copyAuthority(url, base);
    return parseRelativePath(url, text, at, base);
  }
  if (isSlash(StringPrototypeCharCodeAt(text, at + 1), special)) return parseAuthority(url, text, special ? skipSlashes(text, at) : at + 2);
  copyAuthority(url, base);
  return parsePath(url, text, at + 1);
}

// A path that does not start with a slash, or only what follows the path.
function parseRelativePath(url, text, at, base) {
  url.path = base.path;
  const unit = StringPrototypeCharCodeAt(text, at);
  if (at === text.length || unit === 0x23 || unit === 0x3f) {
    if (unit !== 0x3f) url.query = base.query;
    return parseTail(url, text, at);
  }
  url.path = url.scheme === "file" && startsWithDriveLetter(text, at) ? "" : shorten(url.path, url.scheme);
  return parsePath(url, text, at);
}

// File state, file slash state and file host state.
function parseFile(url, text, at, base) {
  url.host = "";
  if (!isSlash(StringPrototypeCharCodeAt(text, at), true)) {
    if (base === undefined) return parsePath(url, text, at);
    url.host = base.host;
    return parseRelativePath(url, text, at, base);
  }
  at++;
  if (isSlash(StringPrototypeCharCodeAt(text, at), true)) return parseFileHost(url, text, at + 1);
  if (base !== undefined) {
    url.host = base.host;
    if (!startsWithDriveLetter(text, at)) url.path = driveOf(base.path);
  }
  return parsePath(url, text, at);
}

function parseFileHost(url, text, at) {
  const end = authorityEnd(text, at, true);
  const piece = StringPrototypeSlice(text, at, end);
  // It looks like a drive, so it is the start of the path.
  if (isDriveLetter(piece)) return parsePath(url, text, at);
  const host = parseFileHostPiece(piece);
  if (host === undefined) return false;
  url.host = host;
  return parsePathStart(url, text, end);
}

/** The host of a file URL, or undefined. */
function parseFileHostPiece(piece) {
  if (piece === "") return "";
  const host = parseHost(piece, false);
  return host === "localhost" ? "" : host;
}

/** Where the authority that starts at `at` ends. */
function authorityEnd(text, at, special) {
  for (; at < text.length; at++) {
    const unit = StringPrototypeCharCodeAt(text, at);
    if (unit === 0x3f || unit === 0x23 || isSlash(unit, special)) break;
  }
  return at;
}

// Authority, host and port state.
function parseAuthority(url, text, at) {
  const special = isSpecial(url.scheme);
  const end = authorityEnd(text, at, special);
  const sign = StringPrototypeLastIndexOf(text, "@", end - 1);
  if (sign >= at) {
    if (sign + 1 === end) return false;
    parseCredentials(url, StringPrototypeSlice(text, at, sign));
    at = sign + 1;
  }
  const colon = portColon(text, at, end);
  const hostEnd = colon < 0 ? end : colon;
  if (hostEnd === at && (special || colon >= 0)) return false;
  const host = parseHost(StringPrototypeSlice(text, at, hostEnd), !special);
  if (host === undefined) return false;
  url.host = host;
  if (colon >= 0 && !parsePort(url, StringPrototypeSlice(text, colon + 1, end))) return false;
  return parsePathStart(url, text, end);
}

function parseCredentials(url, text) {
  const colon = StringPrototypeIndexOf(text, ":");
  url.username = percentEncode(colon < 0 ? text : StringPrototypeSlice(text, 0, colon), kUserinfo);
  if (colon >= 0) url.password = percentEncode(StringPrototypeSlice(text, colon + 1), kUserinfo);
}

/** Sets the port from digits; an empty text leaves it. @returns {boolean} false on failure */
function parsePort(url, text) {
  if (text === "") return true;
  let port = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    if (!isDigit(unit)) return false;
    port = port * 10 + unit - 0x30;
    if (port > 65535) return false;
  }
  url.port = port === defaultPort(url.scheme) ? "" : `${port}`;
  return true;
}

function parsePathStart(url, text, at) {
  const special = isSpecial(url.scheme);
  if (at < text.length && isSlash(StringPrototypeCharCodeAt(text, at), special)) return parsePath(url, text, at + 1);
  return special ? parsePath(url, text, at) : parseTail(url, text, at);
}

// Path state; `at` is where the first segment starts.
function parsePath(url, text, at) {
  const end = pathEnd(text, at);
  appendSegments(url, text, at, end);
  return parseTail(url, text, end);
}

function pathEnd(text, at) {
  for (; at < text.length; at++) {
    const unit = StringPrototypeCharCodeAt(text, at);
    if (unit === 0x3f || unit === 0x23) break;
  }
  return at;
}

/** Appends the segments of text[at, end) to the path. */
function appendSegments(url, text, at, end) {
  const special = isSpecial(url.scheme);
  let path = url.path;
  for (;;) {
    let stop = at;
    while (stop < end && !isSlash(StringPrototypeCharCodeAt(text, stop), special)) stop++;
    const segment = StringPrototypeSlice(text, at, stop);
    const dots = dotsOf(segment);
    if (dots === 2) path = shorten(path, url.scheme);
    if (dots === 0) {
      const drive = url.scheme === "file" && path === "" && isDriveLetter(segment);
      path += drive ? `/${segment[0]}:` : "/" + percentEncode(segment, kPath);
    } else if (stop === end) {
      path += "/";
    }
    if (stop === end) break;
    at = stop + 1;
  }
  url.path = path;
}

// 1 for a single-dot segment, 2 for a double-dot segment, else 0; "%2e" counts as a dot.
function dotsOf(segment) {
  let dots = 0;
  for (let i = 0; i < segment.length; dots++) {
    if (dots === 2) return 0;
    const unit = StringPrototypeCharCodeAt(segment, i);
    if (unit === 0x2e) i++;
    else if (unit === 0x25 && StringPrototypeCharCodeAt(segment, i + 1) === 0x32 && (StringPrototypeCharCodeAt(segment, i + 2) | 0x20) === 0x65) i += 3;
    else return 0;
  }
  return dots;
}

// https://url.spec.whatwg.org/#shorten-a-urls-path
function shorten(path, scheme) {
  if (path === "" || (scheme === "file" && path.length === 3 && driveOf(path) !== "")) return path;
  return StringPrototypeSlice(path, 0, StringPrototypeLastIndexOf(path, "/"));
}

// The first segment of a path, with its slash, if it is a normalized Windows drive letter; else "".
function driveOf(path) {
  const whole = path.length === 3 || StringPrototypeCharCodeAt(path, 3) === 0x2f;
  return whole && isAlpha(StringPrototypeCharCodeAt(path, 1)) && StringPrototypeCharCodeAt(path, 2) === 0x3a ? StringPrototypeSlice(path, 0, 3) : "";
}

function isDriveLetter(piece) {
  return piece.length === 2 && startsWithDriveLetter(piece, 0);
}

// https://url.spec.whatwg.org/#start-with-a-windows-drive-letter
function startsWithDriveLetter(text, at) {
  if (!isAlpha(StringPrototypeCharCodeAt(text, at))) return false;
  const mark = StringPrototypeCharCodeAt(text, at + 1);
  if (mark !== 0x3a && mark !== 0x7c) return false;
  if (at + 2 >= text.length) return true;
  const unit = StringPrototypeCharCodeAt(text, at + 2);
  return isSlash(unit, true) || unit === 0x3f || unit === 0x23;
}

// Opaque path state. A space before a query or fragment is encoded, so that nobody trims it later.
function parseOpaquePath(url, text, at) {
  const end = pathEnd(text, at);
  const path = percentEncode(StringPrototypeSlice(text, at, end), kC0);
  const trailing = end < text.length && StringPrototypeCharCodeAt(path, path.length - 1) === 0x20;
  url.path = trailing ? StringPrototypeSlice(path, 0, -1) + "%20" : path;
  url.opaque = true;
  return parseTail(url, text, end);
}

// Query state and fragment state; `at` is at "?", "#" or the end.
function parseTail(url, text, at) {
  if (at < text.length && StringPrototypeCharCodeAt(text, at) === 0x3f) {
    const hash = StringPrototypeIndexOf(text, "#", at);
    const end = hash < 0 ? text.length : hash;
    url.query = encodeQuery(StringPrototypeSlice(text, at + 1, end), url.scheme);
    at = end;
  }
  if (at < text.length) url.fragment = percentEncode(StringPrototypeSlice(text, at + 1), kFragment);
  return true;
}

/** A query, percent-encoded as the scheme wants it. */
function encodeQuery(text, scheme) {
  return percentEncode(text, isSpecial(scheme) ? kSpecialQuery : kQuery);
}

module.exports = {
  appendSegments,
  authorityEnd,
  encodeQuery,
  isSlash,
  parseFileHostPiece,
  parsePort,
  parseRecord,
  schemeLength,
  withoutBreaks,
};
