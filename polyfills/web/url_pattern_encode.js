"use strict";
// What a URL pattern does to the fixed text of its components, and to URLs given apart: it writes them as the URL parser would.
// https://urlpattern.spec.whatwg.org/#canon-encoding-callbacks

const { StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeToLowerCase, StringPrototypeToWellFormed, TypeError } =
  primordials;
const { kC0, kFragment, kSpecialQuery, kUserinfo, percentEncode } = require("web/url_encode");
const { parseHost, portColon } = require("web/url_host");
const { appendSegments, authorityEnd, parsePort, schemeLength, withoutBreaks } = require("web/url_parser");
const { UrlRecord } = require("web/url_record");

function invalid() {
  return new TypeError("Invalid component of a URL.");
}

function encodeProtocol(value) {
  if (value === "") return "";
  const text = `${withoutBreaks(value)}:`;
  if (schemeLength(text) !== text.length - 1) throw invalid();
  return StringPrototypeToLowerCase(StringPrototypeSlice(text, 0, -1));
}

function encodeUserinfo(value) {
  return value === "" ? "" : percentEncode(StringPrototypeToWellFormed(value), kUserinfo);
}

function encodeHost(value, opaque) {
  if (value === "") return "";
  const text = withoutBreaks(StringPrototypeToWellFormed(value));
  const end = authorityEnd(text, 0, !opaque);
  if (portColon(text, 0, end) >= 0) throw invalid();
  const piece = StringPrototypeSlice(text, 0, end);
  const host = piece === "" && opaque ? "" : piece === "" ? undefined : parseHost(piece, opaque);
  if (host === undefined) throw invalid();
  return host;
}

function encodeHostname(value) {
  return encodeHost(value, false);
}

function encodeOpaqueHostname(value) {
  return encodeHost(value, true);
}

function encodeIPv6Hostname(value) {
  for (let i = 0; i < value.length; i++) {
    const unit = StringPrototypeCharCodeAt(value, i);
    const lower = unit | 0x20;
    const hex = (unit >= 0x30 && unit <= 0x39) || (lower >= 0x61 && lower <= 0x66);
    if (!hex && unit !== 0x5b && unit !== 0x5d && unit !== 0x3a) throw invalid();
  }
  return StringPrototypeToLowerCase(value);
}

/** A port; it is "" if it is the default one of the protocol, which may be left out. */
function encodePort(value, protocol = "") {
  if (value === "") return "";
  const text = withoutBreaks(value);
  let end = 0;
  while (end < text.length && StringPrototypeCharCodeAt(text, end) >= 0x30 && StringPrototypeCharCodeAt(text, end) <= 0x39) end++;
  const url = new UrlRecord();
  url.scheme = protocol;
  if (end === 0 || !parsePort(url, StringPrototypeSlice(text, 0, end))) throw invalid();
  return url.port;
}

function encodePathname(value) {
  if (value === "") return "";
  const leading = StringPrototypeCharCodeAt(value, 0) === 0x2f;
  const text = withoutBreaks(StringPrototypeToWellFormed(leading ? value : `/-${value}`));
  const url = new UrlRecord();
  url.scheme = "https";
  url.path = "";
  appendSegments(url, text, 1, text.length);
  return leading ? url.path : StringPrototypeSlice(url.path, 2);
}

function encodeOpaquePathname(value) {
  return percentEncode(withoutBreaks(StringPrototypeToWellFormed(value)), kC0);
}

function encodeSearch(value) {
  return percentEncode(withoutBreaks(StringPrototypeToWellFormed(value)), kSpecialQuery);
}

function encodeHash(value) {
  return percentEncode(withoutBreaks(StringPrototypeToWellFormed(value)), kFragment);
}

/** Whether a hostname pattern is one of an IPv6 address. https://urlpattern.spec.whatwg.org/#hostname-pattern-is-an-ipv6-address */
function isIPv6Pattern(text) {
  return text.length >= 2 && (StringPrototypeIndexOf(text, "[") === 0 || StringPrototypeIndexOf(text, "{[") === 0 || StringPrototypeIndexOf(text, "\\[") === 0);
}

module.exports = {
  encodeHash,
  encodeHostname,
  encodeIPv6Hostname,
  encodeOpaqueHostname,
  encodeOpaquePathname,
  encodePathname,
  encodePort,
  encodeProtocol,
  encodeSearch,
  encodeUserinfo,
  isIPv6Pattern,
};
