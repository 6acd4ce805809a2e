"use strict";
// URL, https://url.spec.whatwg.org/#url-class. An object is its serialisation; components are slices of it.

const { Error, StringPrototypeSlice, StringPrototypeStartsWith, TypeError } = primordials;
const { illegalInvocation } = require("core/errors");
const { constructorError, define, isObject, parameterError } = require("core/webidl");
const { parseHref } = require("web/url_fast");
const { Offsets } = require("web/url_record");
const params = require.lazy("web/url_search_params", "internals");
const setters = require.lazy("web/url_setters");

// Tells the constructor that its argument is a serialised URL.
const kParsed = { __proto__: null };

let isURL;
let hrefOf;
let createParams;

// The arguments of the static methods, parsed.
function parseArguments(method, count, url, base) {
  if (count < 1) throw parameterError(method, "URL", 1, "USVString");
  const text = typeof url === "string" ? url : `${url}`;
  return parseHref(text, base === undefined ? undefined : `${base}`);
}

// https://url.spec.whatwg.org/#concept-url-origin, serialised.
function originOf(href, at) {
  const scheme = StringPrototypeSlice(href, 0, at.schemeEnd);
  if (scheme === "https" || scheme === "http" || scheme === "ws" || scheme === "wss" || scheme === "ftp") {
    return `${scheme}://${StringPrototypeSlice(href, at.hostStart, at.authorityEnd)}`;
  }
  if (scheme !== "blob") return "null";
  const inner = parseHref(StringPrototypeSlice(href, at.pathStart, at.queryStart));
  if (inner === undefined || !(StringPrototypeStartsWith(inner, "https:") || StringPrototypeStartsWith(inner, "http:"))) return "null";
  return originOf(inner, new Offsets(inner));
}

class URL {
  #href;
  // Offsets of the components, made when one is read.
  #at;
  #params;

  constructor(url, base) {
    if (base === kParsed) {
      this.#href = url;
      return;
    }
    if (arguments.length < 1) throw constructorError("URL", 1, "USVString");
    const text = typeof url === "string" ? url : `${url}`;
    const href = parseHref(text, base === undefined ? undefined : `${base}`);
    if (href === undefined) throw new TypeError("Invalid URL string.");
    this.#href = href;
  }

  static canParse(url, base) {
    return parseArguments("canParse", arguments.length, url, base) !== undefined;
  }

  static parse(url, base) {
    const href = parseArguments("parse", arguments.length, url, base);
    return href === undefined ? null : new URL(href, kParsed);
  }

  static createObjectURL(object) {
    if (!isObject(object) || require("web/blob").internals.dataOf(object) === undefined) throw parameterError("createObjectURL", "URL", 1, "File or Blob");
    throw new Error("URL.createObjectURL() is not implemented");
  }

  static revokeObjectURL() {
    if (arguments.length === 0) throw parameterError("revokeObjectURL", "URL", 1, "USVString");
    throw new Error("URL.revokeObjectURL() is not implemented");
  }

  #offsets() {
    let at = this.#at;
    if (at === undefined) at = this.#at = new Offsets(this.#href);
    return at;
  }

  #replace(href) {
    if (href === this.#href) return;
    this.#href = href;
    this.#at = undefined;
  }

  #query() {
    const at = this.#offsets();
    return StringPrototypeSlice(this.#href, at.queryStart + 1, at.hashStart);
  }

  get origin() {
    if (!isURL(this)) throw illegalInvocation();
    return originOf(this.#href, this.#offsets());
  }

  get href() {
    if (!isURL(this)) throw illegalInvocation();
    return this.#href;
  }

  set href(value) {
    if (!isURL(this)) throw illegalInvocation();
    const href = parseHref(`${value}`);
    if (href === undefined) throw new TypeError("Failed to set the 'href' property on 'URL': the provided value is not of type 'valid URL string'.");
    this.#replace(href);
    if (this.#params !== undefined) params().setQuery(this.#params, this.#query());
  }

  get protocol() {
    if (!isURL(this)) throw illegalInvocation();
    return StringPrototypeSlice(this.#href, 0, this.#offsets().schemeEnd + 1);
  }

  set protocol(value) {
    if (!isURL(this)) throw illegalInvocation();
    this.#replace(setters().setProtocol(this.#href, `${value}`));
  }

  get username() {
    if (!isURL(this)) throw illegalInvocation();
    const at = this.#offsets();
    return StringPrototypeSlice(this.#href, at.userStart, at.userEnd);
  }

  set username(value) {
    if (!isURL(this)) throw illegalInvocation();
    this.#replace(setters().setUsername(this.#href, `${value}`));
  }

  get password() {
    if (!isURL(this)) throw illegalInvocation();
    const at = this.#offsets();
    return StringPrototypeSlice(this.#href, at.userEnd + 1, at.hostStart - 1);
  }

  set password(value) {
    if (!isURL(this)) throw illegalInvocation();
    this.#replace(setters().setPassword(this.#href, `${value}`));
  }

  get host() {
    if (!isURL(this)) throw illegalInvocation();
    const at = this.#offsets();
    return StringPrototypeSlice(this.#href, at.hostStart, at.authorityEnd);
  }

  set host(value) {
    if (!isURL(this)) throw illegalInvocation();
    this.#replace(setters().setHost(this.#href, `${value}`));
  }

  get hostname() {
    if (!isURL(this)) throw illegalInvocation();
    const at = this.#offsets();
    return StringPrototypeSlice(this.#href, at.hostStart, at.hostEnd);
  }

  set hostname(value) {
    if (!isURL(this)) throw illegalInvocation();
    this.#replace(setters().setHostname(this.#href, `${value}`));
  }

  get port() {
    if (!isURL(this)) throw illegalInvocation();
    const at = this.#offsets();
    return StringPrototypeSlice(this.#href, at.hostEnd + 1, at.authorityEnd);
  }

  set port(value) {
    if (!isURL(this)) throw illegalInvocation();
    this.#replace(setters().setPort(this.#href, `${value}`));
  }

  get pathname() {
    if (!isURL(this)) throw illegalInvocation();
    const at = this.#offsets();
    return StringPrototypeSlice(this.#href, at.pathStart, at.queryStart);
  }

  set pathname(value) {
    if (!isURL(this)) throw illegalInvocation();
    this.#replace(setters().setPathname(this.#href, `${value}`));
  }

  get search() {
    if (!isURL(this)) throw illegalInvocation();
    const at = this.#offsets();
    return at.hashStart - at.queryStart > 1 ? StringPrototypeSlice(this.#href, at.queryStart, at.hashStart) : "";
  }

  set search(value) {
    if (!isURL(this)) throw illegalInvocation();
    this.#replace(setters().setSearch(this.#href, `${value}`));
    if (this.#params !== undefined) params().setQuery(this.#params, this.#query());
  }

  get hash() {
    if (!isURL(this)) throw illegalInvocation();
    const href = this.#href;
    const start = this.#offsets().hashStart;
    return href.length - start > 1 ? StringPrototypeSlice(href, start) : "";
  }

  set hash(value) {
    if (!isURL(this)) throw illegalInvocation();
    this.#replace(setters().setHash(this.#href, `${value}`));
  }

  get searchParams() {
    if (!isURL(this)) throw illegalInvocation();
    if (this.#params === undefined) this.#params = createParams(this, this.#query());
    return this.#params;
  }

  toJSON() {
    if (!isURL(this)) throw illegalInvocation();
    return this.#href;
  }

  toString() {
    if (!isURL(this)) throw illegalInvocation();
    return this.#href;
  }

  static {
    isURL = (v) => typeof v === "object" && v !== null && #href in v;
    hrefOf = (url) => url.#href;
    createParams = (url, query) => {
      const { setUpdateOwner, createFor } = params();
      setUpdateOwner((owner, changed) => owner.#replace(setters().replaceQuery(owner.#href, changed === "" ? null : changed)));
      return createFor(url, query);
    };
  }
}
define(URL, "URL");

module.exports = {
  URL,
  internals: {
    __proto__: null,
    parseHref,
    isURL,
    hrefOf,
    serializeParams: (object) => params().serializeParams(object),
    isURLSearchParams: (value) => params.peek()?.isURLSearchParams(value) === true,
    parseFormUrlencoded: (text) => require("web/url_form").parseFormUrlencoded(text),
  },
};
