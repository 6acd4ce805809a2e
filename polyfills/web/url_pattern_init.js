"use strict";
// Components given apart: of a pattern, or of a URL to match. https://urlpattern.spec.whatwg.org/#process-a-urlpatterninit

const { StringPrototypeCharCodeAt, StringPrototypeEndsWith, StringPrototypeLastIndexOf, StringPrototypeSlice, StringPrototypeStartsWith, TypeError } =
  primordials;
const { parseHref } = require("web/url_fast");
const { isSpecial, recordOf } = require("web/url_record");
const { escapePattern } = require("web/url_pattern_component");
const encode = require("web/url_pattern_encode");

// https://urlpattern.spec.whatwg.org/#is-an-absolute-pathname
function isAbsolute(path, isPattern) {
  if (StringPrototypeStartsWith(path, "/")) return true;
  return isPattern && (StringPrototypeStartsWith(path, "\\/") || StringPrototypeStartsWith(path, "{/"));
}

/** Fills in what the base URL has and the init leaves out, up to the first component that it has. */
function inherit(result, init, base, isPattern) {
  const take = (value) => (isPattern ? escapePattern(value) : value);
  const { protocol, hostname, port, username, password, pathname, search } = init;
  if (protocol === undefined) result.protocol = take(base.scheme);
  if (protocol !== undefined || hostname !== undefined) return;
  if (!isPattern && port === undefined && username === undefined) {
    result.username = base.username;
    if (password === undefined) result.password = base.password;
  }
  result.hostname = take(base.host ?? "");
  if (port !== undefined) return;
  result.port = base.port;
  if (pathname !== undefined) return;
  result.pathname = take(base.path);
  if (search !== undefined) return;
  result.search = take(base.query ?? "");
  if (init.hash === undefined) result.hash = take(base.fragment ?? "");
}

function resolvePathname(pathname, base, isPattern) {
  if (base === undefined || base.opaque || isAbsolute(pathname, isPattern)) return pathname;
  const folder = isPattern ? escapePattern(base.path) : base.path;
  const slash = StringPrototypeLastIndexOf(folder, "/");
  return slash < 0 ? pathname : StringPrototypeSlice(folder, 0, slash + 1) + pathname;
}

function withoutPrefix(text, unit) {
  return StringPrototypeCharCodeAt(text, 0) === unit ? StringPrototypeSlice(text, 1) : text;
}

/**
 * The components that an init means; those of a URL as the URL parser writes them.
 * @param {object} init with a null prototype, components that are strings, and baseURL
 * @param {boolean} isPattern
 * @param {object} result is what components are that neither the init nor its base has; it is changed and returned
 */
function processInit(init, isPattern, result) {
  let base;
  if (init.baseURL !== undefined) {
    const href = parseHref(init.baseURL);
    if (href === undefined) throw new TypeError("Invalid base URL.");
    base = recordOf(href);
    inherit(result, init, base, isPattern);
  }
  if (init.protocol !== undefined) {
    const text = StringPrototypeEndsWith(init.protocol, ":") ? StringPrototypeSlice(init.protocol, 0, -1) : init.protocol;
    result.protocol = isPattern ? text : encode.encodeProtocol(text);
  }
  if (init.username !== undefined) result.username = isPattern ? init.username : encode.encodeUserinfo(init.username);
  if (init.password !== undefined) result.password = isPattern ? init.password : encode.encodeUserinfo(init.password);
  const protocol = result.protocol ?? "";
  if (init.hostname !== undefined) result.hostname = isPattern ? init.hostname : hostnameOf(init.hostname, protocol);
  if (init.port !== undefined) result.port = isPattern ? init.port : encode.encodePort(init.port, protocol);
  if (init.pathname !== undefined) {
    const path = resolvePathname(init.pathname, base, isPattern);
    if (isPattern) result.pathname = path;
    else result.pathname = protocol === "" || isSpecial(protocol) ? encode.encodePathname(path) : encode.encodeOpaquePathname(path);
  }
  if (init.search !== undefined) {
    const text = withoutPrefix(init.search, 0x3f);
    result.search = isPattern ? text : encode.encodeSearch(text);
  }
  if (init.hash !== undefined) {
    const text = withoutPrefix(init.hash, 0x23);
    result.hash = isPattern ? text : encode.encodeHash(text);
  }
  return result;
}

function hostnameOf(text, protocol) {
  return protocol === "" || isSpecial(protocol) ? encode.encodeHostname(text) : encode.encodeOpaqueHostname(text);
}

module.exports = { processInit };
