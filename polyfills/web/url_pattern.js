"use strict";
// URLPattern. https://urlpattern.spec.whatwg.org/#urlpattern-class

const { StringPrototypeSlice, StringPrototypeToWellFormed, TypeError } = primordials;
const { illegalInvocation } = require("core/errors");
const { constructorError, define, isObject, toBoolean, toUSVString } = require("core/webidl");
const { state } = require("core/worker");
const { parseHref } = require("web/url_fast");
const { Offsets, defaultPort } = require("web/url_record");
const { Component, kDefault, kHostname, kPathname } = require("web/url_pattern_component");
const encode = require("web/url_pattern_encode");
const { processInit } = require("web/url_pattern_init");
const { parseConstructorString } = require("web/url_pattern_string");

const kComponents = ["protocol", "username", "password", "hostname", "port", "pathname", "search", "hash"];

/** A URLPatternInit: the members that are there, as strings. */
function convertInit(value, target) {
  if (value === null || value === undefined) return target;
  for (let i = 0; i < kComponents.length; i++) {
    const member = value[kComponents[i]];
    if (member !== undefined) target[kComponents[i]] = toUSVString(member);
  }
  const baseURL = value.baseURL;
  if (baseURL !== undefined) target.baseURL = toUSVString(baseURL);
  return target;
}

function convertOptions(value, index) {
  if (value === undefined || value === null) return false;
  if (!isObject(value)) throw constructorError("URLPattern", index, "URLPatternOptions");
  return toBoolean(value.ignoreCase);
}

/** The components of a URL, in their order, as a pattern sees them. */
function componentsOf(href) {
  const at = new Offsets(href);
  const authority = at.userStart > at.schemeEnd + 1;
  return [
    StringPrototypeSlice(href, 0, at.schemeEnd),
    authority ? StringPrototypeSlice(href, at.userStart, at.userEnd) : "",
    authority && at.userEnd < at.hostStart ? StringPrototypeSlice(href, at.userEnd + 1, at.hostStart - 1) : "",
    authority ? StringPrototypeSlice(href, at.hostStart, at.hostEnd) : "",
    authority ? StringPrototypeSlice(href, at.hostEnd + 1, at.authorityEnd) : "",
    StringPrototypeSlice(href, at.pathStart, at.queryStart),
    StringPrototypeSlice(href, at.queryStart + 1, at.hashStart),
    StringPrototypeSlice(href, at.hashStart + 1),
  ];
}

class URLPattern {
  // The compiled components, in the order of kComponents.
  #components;

  constructor(input = {}, baseURL = undefined, options = undefined) {
    // Two or three arguments: what stands second is options if it is an object.
    let base;
    let ignoreCase;
    if (baseURL === undefined || baseURL === null || isObject(baseURL)) {
      ignoreCase = convertOptions(options === undefined ? baseURL : options, options === undefined ? 2 : 3);
    } else {
      base = toUSVString(baseURL);
      ignoreCase = convertOptions(options, 3);
    }
    const text = input === null || isObject(input) ? undefined : toUSVString(input);
    const init = text === undefined ? convertInit(input, { __proto__: null }) : undefined;
    try {
      this.#components = URLPattern.#compile(text, init, base, ignoreCase);
    } catch {
      throw new TypeError("Failed to construct URLPattern");
    }
  }

  // https://urlpattern.spec.whatwg.org/#url-pattern-create
  static #compile(text, given, base, ignoreCase) {
    let init = given;
    if (text !== undefined) {
      init = parseConstructorString(text);
      if (base === undefined && init.protocol === undefined) throw new TypeError("A relative pattern needs a base URL.");
      if (base !== undefined) init.baseURL = base;
    } else if (base !== undefined) {
      throw new TypeError("A base URL is no argument beside components.");
    }
    const parts = processInit(init, true, { __proto__: null });
    if (parts.port !== undefined && parts.protocol !== undefined && parts.port === `${defaultPort(parts.protocol)}`) parts.port = "";
    const protocol = new Component(parts.protocol ?? "*", encode.encodeProtocol, kDefault, false);
    const special = protocol.matchesSpecialScheme();
    const hostname = parts.hostname ?? "*";
    const encodeHost = encode.isIPv6Pattern(hostname) ? encode.encodeIPv6Hostname : special ? encode.encodeHostname : encode.encodeOpaqueHostname;
    const encodePort = (value) => encode.encodePort(value);
    return [
      protocol,
      new Component(parts.username ?? "*", encode.encodeUserinfo, kDefault, false),
      new Component(parts.password ?? "*", encode.encodeUserinfo, kDefault, false),
      new Component(hostname, encodeHost, kHostname, false),
      new Component(parts.port ?? "*", encodePort, kDefault, false),
      special
        ? new Component(parts.pathname ?? "*", encode.encodePathname, kPathname, ignoreCase)
        : new Component(parts.pathname ?? "*", encode.encodeOpaquePathname, kDefault, ignoreCase),
      new Component(parts.search ?? "*", encode.encodeSearch, kDefault, ignoreCase),
      new Component(parts.hash ?? "*", encode.encodeHash, kDefault, ignoreCase),
    ];
  }

  static #of(v) {
    if (typeof v !== "object" || v === null || !(#components in v)) throw illegalInvocation();
    return v.#components;
  }

  get protocol() {
    return URLPattern.#of(this)[0].pattern;
  }
  get username() {
    return URLPattern.#of(this)[1].pattern;
  }
  get password() {
    return URLPattern.#of(this)[2].pattern;
  }
  get hostname() {
    return URLPattern.#of(this)[3].pattern;
  }
  get port() {
    return URLPattern.#of(this)[4].pattern;
  }
  get pathname() {
    return URLPattern.#of(this)[5].pattern;
  }
  get search() {
    return URLPattern.#of(this)[6].pattern;
  }
  get hash() {
    return URLPattern.#of(this)[7].pattern;
  }

  get hasRegExpGroups() {
    const components = URLPattern.#of(this);
    for (let i = 0; i < components.length; i++) if (components[i].hasRegExpGroups) return true;
    return false;
  }

  test(input = {}, baseURL = undefined) {
    const components = URLPattern.#of(this);
    const values = URLPattern.#values(input, baseURL, "test", undefined);
    if (values === undefined) return false;
    for (let i = 0; i < components.length; i++) if (!components[i].test(values[i])) return false;
    return true;
  }

  exec(input = {}, baseURL = undefined) {
    const components = URLPattern.#of(this);
    const inputs = [];
    const values = URLPattern.#values(input, baseURL, "exec", inputs);
    if (values === undefined) return null;
    // Before the standard, a group that took no part was empty.
    const missing = state.flags.urlpattern_standard ? undefined : "";
    const result = { inputs };
    for (let i = 0; i < components.length; i++) {
      const match = components[i].exec(values[i], missing);
      if (match === undefined) return null;
      result[kComponents[i]] = match;
    }
    return result;
  }

  /** The components to match, or undefined if the input is no URL. https://urlpattern.spec.whatwg.org/#url-pattern-match */
  static #values(input, baseURL, method, inputs) {
    // A URL is an object whose members say the same.
    if (input === null || isObject(input)) {
      const given = convertInit(input, {});
      if (baseURL !== undefined) throw new TypeError(`Failed to ${method} URLPattern`);
      if (inputs !== undefined) inputs[0] = given;
      return URLPattern.#valuesOf(given);
    }
    const text = typeof input === "string" ? input : `${input}`;
    const base = baseURL === undefined ? undefined : toUSVString(baseURL);
    const href = parseHref(text, base);
    if (inputs !== undefined) {
      inputs[0] = StringPrototypeToWellFormed(text);
      if (base !== undefined) inputs[1] = base;
    }
    return href === undefined ? undefined : componentsOf(href);
  }

  static #valuesOf(given) {
    const empty = { __proto__: null, protocol: "", username: "", password: "", hostname: "", port: "", pathname: "", search: "", hash: "" };
    let parts;
    try {
      parts = processInit({ __proto__: null, ...given }, false, empty);
    } catch {
      return undefined;
    }
    return [parts.protocol, parts.username, parts.password, parts.hostname, parts.port, parts.pathname, parts.search, parts.hash];
  }
}
if (!state.flags.urlpattern_standard) delete URLPattern.prototype.hasRegExpGroups;
define(URLPattern, "URLPattern");

module.exports = { URLPattern };
