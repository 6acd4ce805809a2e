"use strict";
// url.parse(): the parser from before the URL standard. https://nodejs.org/docs/latest-v22.x/api/url.html#legacy-url-api

const {
  Error,
  RegExpPrototypeExec,
  StringPrototypeCharCodeAt,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeReplaceAll,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
  decodeURIComponent,
} = primordials;
const { defineError } = require("node/internal_errors");
const { parse: parseQuery } = require("node/querystring");
const { hostToASCII } = require("node/internal_url_domain");

const ERR_INVALID_URL = defineError("ERR_INVALID_URL", Error, () => "Invalid URL", ["input"]);

const kProtocol = /^[a-z0-9.+-]+:/i;
const kPort = /:[0-9]*$/;
const kHostAfterSlashes = /^\/\/[^@/]+@[^@/]+/;
const kSimplePath = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/;
const kForbiddenInHost = /[\0\t\n\r #%/:<>?@[\\\]^|]/;
const kForbiddenInIPv6 = /[\0\t\n\r #%/<>?@\\^|]/;
const kMaxHost = 255;
// Protocols whose URLs have slashes before the host.
const kSlashed = { __proto__: null, http: true, https: true, ftp: true, gopher: true, file: true, ws: true, wss: true };
// Characters that end a host, though they do not end what may be one ("@" can still come).
const kNotInHost = " \"%';<>\\^`{|}";
const kEscapes = {
  __proto__: null,
  "\t": "%09",
  "\n": "%0A",
  "\r": "%0D",
  " ": "%20",
  '"': "%22",
  "'": "%27",
  "<": "%3C",
  ">": "%3E",
  "\\": "%5C",
  "^": "%5E",
  "`": "%60",
  "{": "%7B",
  "|": "%7C",
  "}": "%7D",
};

function isSlashed(protocol) {
  if (!protocol) return false;
  return kSlashed[StringPrototypeEndsWith(protocol, ":") ? StringPrototypeSlice(protocol, 0, -1) : protocol] === true;
}

function isScript(protocol) {
  return protocol === "javascript:" || protocol === "javascript";
}

function isSpace(code) {
  return code < 33 || code === 0xa0 || code === 0xfeff;
}

// Without white space around it, and with slashes for the backslashes before the query.
function cleaned(text) {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(StringPrototypeCharCodeAt(text, start))) start++;
  while (end > start && isSpace(StringPrototypeCharCodeAt(text, end - 1))) end--;
  const trimmed = StringPrototypeSlice(text, start, end);
  if (!StringPrototypeIncludes(trimmed, "\\")) return trimmed;
  const query = RegExpPrototypeExec(/[?#]/, trimmed);
  const split = query === null ? trimmed.length : query.index;
  return StringPrototypeReplaceAll(StringPrototypeSlice(trimmed, 0, split), "\\", "/") + StringPrototypeSlice(trimmed, split);
}

// Whether an "@" comes before the query.
function hasAt(text) {
  for (let i = 0; i < text.length && text[i] !== "?" && text[i] !== "#"; i++) if (text[i] === "@") return true;
  return false;
}

function escape(text) {
  let result = "";
  for (let i = 0; i < text.length; i++) result += kEscapes[text[i]] ?? text[i];
  return result;
}

function withoutBreaks(text) {
  return StringPrototypeReplaceAll(StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, "\t", ""), "\n", ""), "\r", "");
}

// Where the authority ends, and the last "@" before that.
function findAuthority(text) {
  let at = -1;
  let end = -1;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "@") {
      at = i;
      end = -1;
    } else if (c === "/" || c === "?" || c === "#") {
      return { at, end: end === -1 ? i : end };
    } else if (end === -1 && StringPrototypeIncludes(kNotInHost, c)) {
      end = i;
    }
  }
  return { at, end: end === -1 ? text.length : end };
}

function isIPv6(host) {
  return StringPrototypeStartsWith(host, "[") && StringPrototypeEndsWith(host, "]");
}

/** Splits the port off `host`. */
function parseHost(url) {
  let { host } = url;
  const port = RegExpPrototypeExec(kPort, host);
  if (port !== null) {
    if (port[0] !== ":") url.port = StringPrototypeSlice(port[0], 1);
    host = StringPrototypeSlice(host, 0, host.length - port[0].length);
  }
  if (host) url.hostname = host;
}

// Line breaks in the authority are dropped, those behind it are not.
function breaksDropped(text) {
  const end = RegExpPrototypeExec(/[/?#]/, text);
  const split = end === null ? text.length : end.index;
  return withoutBreaks(StringPrototypeSlice(text, 0, split)) + StringPrototypeSlice(text, split);
}

// Takes the authority from the front of what follows the slashes. @returns the rest
function takeAuthority(url, text, input) {
  text = breaksDropped(text);
  const { at, end } = findAuthority(text);
  if (at !== -1) url.auth = decodeURIComponent(StringPrototypeSlice(text, 0, at));
  url.host = StringPrototypeSlice(text, at + 1, end);
  let rest = StringPrototypeSlice(text, end);
  url.parseHost();
  if (typeof url.hostname !== "string") url.hostname = "";
  const ipv6 = isIPv6(url.hostname);
  if (!ipv6) rest = cutHost(url, rest);
  checkHost(url, ipv6, input);
  url.host = (url.hostname || "") + (url.port ? `:${url.port}` : "");
  if (ipv6) {
    url.hostname = StringPrototypeSlice(url.hostname, 1, -1);
    if (rest[0] !== "/") rest = `/${rest}`;
  }
  return rest;
}

// A colon that begins no port belongs to the path.
function cutHost(url, rest) {
  const cut = RegExpPrototypeExec(/[/\\#?:]/, url.hostname);
  if (cut === null) return rest;
  const behind = StringPrototypeSlice(url.hostname, cut.index);
  url.hostname = StringPrototypeSlice(url.hostname, 0, cut.index);
  return `/${behind}${rest}`;
}

function checkHost(url, ipv6, input) {
  url.hostname = url.hostname.length > kMaxHost ? "" : StringPrototypeToLowerCase(url.hostname);
  if (url.hostname === "") return;
  if (!ipv6) url.hostname = hostToASCII(url.hostname);
  if (url.hostname === "" || RegExpPrototypeExec(ipv6 ? kForbiddenInIPv6 : kForbiddenInHost, url.hostname) !== null) throw new ERR_INVALID_URL(input);
}

// pathname, search, query and hash of what is left.
function takePath(url, rest, parseQueryString) {
  const hash = StringPrototypeIndexOf(rest, "#");
  if (hash !== -1) {
    url.hash = StringPrototypeSlice(rest, hash);
    rest = StringPrototypeSlice(rest, 0, hash);
  }
  const question = StringPrototypeIndexOf(rest, "?");
  if (question !== -1) {
    url.search = StringPrototypeSlice(rest, question);
    url.query = StringPrototypeSlice(rest, question + 1);
    if (parseQueryString) url.query = parseQuery(url.query);
    rest = StringPrototypeSlice(rest, 0, question);
  } else if (parseQueryString) {
    url.search = null;
    url.query = { __proto__: null };
  }
  if (rest !== "") url.pathname = rest;
}

// Most paths of requests are no more than this. @returns whether it was one
function takeSimplePath(url, rest, parseQueryString) {
  const match = RegExpPrototypeExec(kSimplePath, rest);
  if (match === null) return false;
  url.path = url.href = rest;
  url.pathname = match[1];
  if (match[2]) {
    url.search = match[2];
    const query = StringPrototypeSlice(match[2], 1);
    url.query = parseQueryString ? parseQuery(query) : query;
  } else if (parseQueryString) {
    url.search = null;
    url.query = { __proto__: null };
  }
  return true;
}

/** Fills a Url with the parts of a text. */
function parseInto(url, text, parseQueryString, slashesDenoteHost) {
  let rest = cleaned(text);
  if (!slashesDenoteHost && !StringPrototypeIncludes(rest, "#") && !hasAt(rest) && takeSimplePath(url, rest, parseQueryString)) return url;
  const match = RegExpPrototypeExec(kProtocol, rest);
  let protocol;
  if (match !== null) {
    url.protocol = protocol = StringPrototypeToLowerCase(match[0]);
    rest = StringPrototypeSlice(rest, match[0].length);
  }
  let slashes = false;
  if (slashesDenoteHost || match !== null || RegExpPrototypeExec(kHostAfterSlashes, rest) !== null) {
    slashes = StringPrototypeStartsWith(rest, "//");
    if (slashes && !isScript(protocol)) {
      rest = StringPrototypeSlice(rest, 2);
      url.slashes = true;
    }
  }
  // The protocol as it was written decides: "HTTP:x" has a host.
  if (!isScript(protocol) && (slashes || (match !== null && !isSlashed(match[0])))) rest = takeAuthority(url, rest, text);
  if (!isScript(protocol)) rest = escape(rest);
  takePath(url, rest, parseQueryString);
  if (isSlashed(protocol) && url.hostname && !url.pathname) url.pathname = "/";
  if (url.pathname || url.search) url.path = (url.pathname || "") + (url.search || "");
  url.href = url.format();
  return url;
}

module.exports = { isIPv6, isScript, isSlashed, parseHost, parseInto };
