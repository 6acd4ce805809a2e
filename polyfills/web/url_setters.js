"use strict";
// The setters of URL: each takes a serialised URL and a value, and returns the new serialisation (the old one if the value
// changes nothing). https://url.spec.whatwg.org/#api

const { StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeToLowerCase, StringPrototypeToWellFormed } = primordials;
const { kFragment, kUserinfo, percentEncode } = require("web/url_encode");
const { parseHost, portColon } = require("web/url_host");
const { appendSegments, authorityEnd, encodeQuery, isSlash, parseFileHostPiece, parsePort, schemeLength, withoutBreaks } = require("web/url_parser");
const { Offsets, defaultPort, isSpecial, recordOf, serialize } = require("web/url_record");

function setProtocol(href, value) {
  const text = withoutBreaks(value) + ":";
  const length = schemeLength(text);
  if (length < 0) return href;
  const scheme = StringPrototypeToLowerCase(StringPrototypeSlice(text, 0, length));
  const url = recordOf(href);
  if (isSpecial(scheme) !== isSpecial(url.scheme)) return href;
  if (scheme === "file" && (url.username !== "" || url.password !== "" || url.port !== "")) return href;
  if (url.scheme === "file" && url.host === "") return href;
  url.scheme = scheme;
  if (url.port === `${defaultPort(scheme)}`) url.port = "";
  return serialize(url);
}

// https://url.spec.whatwg.org/#cannot-have-a-username-password-port
function lacksAuthority(url) {
  return url.host === null || url.host === "" || url.scheme === "file";
}

function setUsername(href, value) {
  const url = recordOf(href);
  if (lacksAuthority(url)) return href;
  url.username = percentEncode(value, kUserinfo);
  return serialize(url);
}

function setPassword(href, value) {
  const url = recordOf(href);
  if (lacksAuthority(url)) return href;
  url.password = percentEncode(value, kUserinfo);
  return serialize(url);
}

// Host state and hostname state with a state override.
function setHostOrHostname(href, value, withPort) {
  const url = recordOf(href);
  if (url.opaque) return href;
  const text = withoutBreaks(StringPrototypeToWellFormed(value));
  const special = isSpecial(url.scheme);
  const end = authorityEnd(text, 0, special);
  const colon = url.scheme === "file" ? -1 : portColon(text, 0, end);
  if (colon >= 0 && (colon === 0 || !withPort)) return href;
  const piece = StringPrototypeSlice(text, 0, colon < 0 ? end : colon);
  if (piece === "" && url.scheme !== "file" && (special || url.username !== "" || url.password !== "" || url.port !== "")) return href;
  const host = url.scheme === "file" ? parseFileHostPiece(piece) : parseHost(piece, !special);
  if (host === undefined) return href;
  url.host = host;
  if (colon >= 0) parsePort(url, leadingDigits(text, colon + 1));
  return serialize(url);
}

function leadingDigits(text, start) {
  let end = start;
  while (end < text.length && StringPrototypeCharCodeAt(text, end) >= 0x30 && StringPrototypeCharCodeAt(text, end) <= 0x39) end++;
  return StringPrototypeSlice(text, start, end);
}

function setHost(href, value) {
  return setHostOrHostname(href, value, true);
}

function setHostname(href, value) {
  return setHostOrHostname(href, value, false);
}

function setPort(href, value) {
  const url = recordOf(href);
  if (lacksAuthority(url)) return href;
  if (value === "") url.port = "";
  else if (!parsePort(url, leadingDigits(withoutBreaks(value), 0))) return href;
  return serialize(url);
}

function setPathname(href, value) {
  const url = recordOf(href);
  if (url.opaque) return href;
  const text = withoutBreaks(StringPrototypeToWellFormed(value));
  const special = isSpecial(url.scheme);
  url.path = "";
  const slash = text !== "" && isSlash(StringPrototypeCharCodeAt(text, 0), special);
  if (text !== "" || special || url.host === null) appendSegments(url, text, slash ? 1 : 0, text.length);
  return serialize(url);
}

/** `query` is what follows "?", encoded; null for none. */
function replaceQuery(href, query) {
  const at = new Offsets(href);
  return StringPrototypeSlice(href, 0, at.queryStart) + (query === null ? "" : "?" + query) + StringPrototypeSlice(href, at.hashStart);
}

function setSearch(href, value) {
  if (value === "") return replaceQuery(href, null);
  const text = StringPrototypeCharCodeAt(value, 0) === 0x3f ? StringPrototypeSlice(value, 1) : value;
  const scheme = StringPrototypeSlice(href, 0, new Offsets(href).schemeEnd);
  return replaceQuery(href, encodeQuery(withoutBreaks(text), scheme));
}

function setHash(href, value) {
  const rest = StringPrototypeSlice(href, 0, new Offsets(href).hashStart);
  if (value === "") return rest;
  const text = StringPrototypeCharCodeAt(value, 0) === 0x23 ? StringPrototypeSlice(value, 1) : value;
  return `${rest}#${percentEncode(withoutBreaks(text), kFragment)}`;
}

module.exports = { replaceQuery, setHash, setHost, setHostname, setPassword, setPathname, setPort, setProtocol, setSearch, setUsername };
