"use strict";
// A URL apart: as offsets into its serialisation, and as a record of components. A serialised URL says everything about its
// record, so an URL object keeps only the string. https://url.spec.whatwg.org/#url-representation

const { StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith } = primordials;

/** Whether a scheme (lowercase, without colon) is special. */
function isSpecial(scheme) {
  return scheme === "https" || scheme === "http" || scheme === "ws" || scheme === "wss" || scheme === "file" || scheme === "ftp";
}

/** The default port of a scheme as a number, -1 if it has none. */
function defaultPort(scheme) {
  if (scheme === "https" || scheme === "wss") return 443;
  if (scheme === "http" || scheme === "ws") return 80;
  return scheme === "ftp" ? 21 : -1;
}

/**
 * Offsets into a serialised URL. Without an authority all from userStart to authorityEnd are the index after the colon.
 *
 *     https://user:pass@host:81/path?query#hash
 *          |  |   |     |   |  |    |     |
 *          |  |   |     |   |  |    |     hashStart
 *          |  |   |     |   |  |    queryStart
 *          |  |   |     |   |  authorityEnd, pathStart
 *          |  |   |     |   hostEnd
 *          |  |   |     hostStart
 *          |  userStart, userEnd
 *          schemeEnd
 */
class Offsets {
  schemeEnd;
  userStart;
  userEnd;
  hostStart;
  hostEnd;
  authorityEnd;
  pathStart;
  queryStart;
  hashStart;
  constructor(href) {
    const schemeEnd = StringPrototypeIndexOf(href, ":");
    const hash = StringPrototypeIndexOf(href, "#");
    const hashStart = hash < 0 ? href.length : hash;
    const query = StringPrototypeIndexOf(href, "?");
    this.schemeEnd = schemeEnd;
    this.hashStart = hashStart;
    this.queryStart = query < 0 || query > hashStart ? hashStart : query;
    if (StringPrototypeCharCodeAt(href, schemeEnd + 1) === 0x2f && StringPrototypeCharCodeAt(href, schemeEnd + 2) === 0x2f) {
      this.#splitAuthority(href, schemeEnd + 3);
      return;
    }
    this.userStart = this.userEnd = this.hostStart = this.hostEnd = this.authorityEnd = schemeEnd + 1;
    // "/." keeps a path that starts with "//" from looking like an authority; it is no part of the path.
    this.pathStart = StringPrototypeStartsWith(href, "/.//", schemeEnd + 1) ? schemeEnd + 3 : schemeEnd + 1;
  }

  #splitAuthority(href, start) {
    const slash = StringPrototypeIndexOf(href, "/", start);
    const end = slash < 0 || slash > this.queryStart ? this.queryStart : slash;
    const at = StringPrototypeIndexOf(href, "@", start);
    const hostStart = at < 0 || at > end ? start : at + 1;
    let userEnd = hostStart;
    if (hostStart > start) {
      const colon = StringPrototypeIndexOf(href, ":", start);
      userEnd = colon < at ? (colon < 0 ? at : colon) : at;
    }
    let digits = end;
    while (digits > hostStart && isDigit(StringPrototypeCharCodeAt(href, digits - 1))) digits--;
    this.userStart = start;
    this.userEnd = userEnd;
    this.hostStart = hostStart;
    this.hostEnd = digits > hostStart && StringPrototypeCharCodeAt(href, digits - 1) === 0x3a ? digits - 1 : end;
    this.authorityEnd = end;
    this.pathStart = end;
  }
}

function isDigit(unit) {
  return unit >= 0x30 && unit <= 0x39;
}

/** Components, serialised: a path of segments is "/a/b", "" if it has none; host, query and fragment are null if absent. */
class UrlRecord {
  scheme = "";
  username = "";
  password = "";
  host = null;
  /** Decimal digits, "" for none. */
  port = "";
  path = "";
  /** Whether the path is opaque. */
  opaque = false;
  query = null;
  fragment = null;
}

/** The record of a serialised URL. */
function recordOf(href) {
  const at = new Offsets(href);
  const url = new UrlRecord();
  url.scheme = StringPrototypeSlice(href, 0, at.schemeEnd);
  if (at.userStart > at.schemeEnd + 1) {
    url.username = StringPrototypeSlice(href, at.userStart, at.userEnd);
    url.password = StringPrototypeSlice(href, at.userEnd + 1, at.hostStart - 1);
    url.host = StringPrototypeSlice(href, at.hostStart, at.hostEnd);
    url.port = StringPrototypeSlice(href, at.hostEnd + 1, at.authorityEnd);
  }
  url.path = StringPrototypeSlice(href, at.pathStart, at.queryStart);
  url.opaque = isOpaque(href, at);
  if (at.queryStart < at.hashStart) url.query = StringPrototypeSlice(href, at.queryStart + 1, at.hashStart);
  if (at.hashStart < href.length) url.fragment = StringPrototypeSlice(href, at.hashStart + 1);
  return url;
}

/** Whether a serialised URL has an opaque path. */
function isOpaque(href, at) {
  return at.userStart === at.schemeEnd + 1 && StringPrototypeCharCodeAt(href, at.schemeEnd + 1) !== 0x2f;
}

/** https://url.spec.whatwg.org/#concept-url-serializer */
function serialize(url) {
  let out = url.scheme + ":";
  if (url.host !== null) {
    out += "//";
    if (url.username !== "" || url.password !== "") {
      out += url.username;
      if (url.password !== "") out += ":" + url.password;
      out += "@";
    }
    out += url.host;
    if (url.port !== "") out += ":" + url.port;
  } else if (!url.opaque && StringPrototypeStartsWith(url.path, "//")) {
    out += "/.";
  }
  out += url.path;
  if (url.query !== null) out += "?" + url.query;
  if (url.fragment !== null) out += "#" + url.fragment;
  return out;
}

module.exports = { Offsets, UrlRecord, defaultPort, isOpaque, isSpecial, recordOf, serialize };
