"use strict";
// A URL pattern in one string, taken apart into components. https://urlpattern.spec.whatwg.org/#constructor-string-parsing

const { StringPrototypeSlice } = primordials;
const tokens = require("web/url_pattern_tokens");
const { Component, kDefault } = require("web/url_pattern_component");
const { encodeProtocol } = require("web/url_pattern_encode");

// States, in the order of the components.
const kInit = 0;
const kProtocol = 1;
const kAuthority = 2;
const kUsername = 3;
const kPassword = 4;
const kHostname = 5;
const kPort = 6;
const kPathname = 7;
const kSearch = 8;
const kHash = 9;
const kDone = 10;

const kNames = ["", "protocol", "", "username", "password", "hostname", "port", "pathname", "search", "hash"];

class StringParser {
  #input;
  #tokens;
  #result = { __proto__: null };
  #start = 0;
  #at = 0;
  #step = 1;
  #depth = 0;
  #brackets = 0;
  #special = false;
  #state = kInit;
  constructor(input) {
    this.#input = input;
    this.#tokens = tokens.tokenize(input, true);
  }

  run() {
    const list = this.#tokens;
    for (; this.#at < list.length; this.#at += this.#step) {
      this.#step = 1;
      const token = list[this.#at];
      if (token.type === tokens.kEnd) {
        if (this.#atEnd()) break;
      } else if (token.type === tokens.kOpen) {
        this.#depth++;
      } else if (this.#depth > 0) {
        // What follows the brace is looked at together with it.
        if (token.type === tokens.kClose && --this.#depth === 0) this.#read();
      } else {
        this.#read();
      }
    }
    const result = this.#result;
    if (result.hostname !== undefined && result.port === undefined) result.port = "";
    return result;
  }

  /** Whether that was all. */
  #atEnd() {
    if (this.#state === kInit) {
      this.#rewind();
      if (this.#isHashPrefix()) this.#change(kHash, 1);
      else if (this.#isSearchPrefix()) this.#change(kSearch, 1);
      else this.#change(kPathname, 0);
      return false;
    }
    if (this.#state === kAuthority) {
      this.#rewind(kHostname);
      return false;
    }
    this.#change(kDone, 0);
    return true;
  }

  #read() {
    switch (this.#state) {
      case kInit:
        if (this.#is(this.#at, ":")) this.#rewind(kProtocol);
        break;
      case kProtocol:
        if (this.#is(this.#at, ":")) this.#endProtocol();
        break;
      case kAuthority:
        if (this.#is(this.#at, "@")) this.#rewind(kUsername);
        else if (this.#isPathStart() || this.#isSearchPrefix() || this.#isHashPrefix()) this.#rewind(kHostname);
        break;
      case kUsername:
        if (this.#is(this.#at, ":")) this.#change(kPassword, 1);
        else if (this.#is(this.#at, "@")) this.#change(kHostname, 1);
        break;
      case kPassword:
        if (this.#is(this.#at, "@")) this.#change(kHostname, 1);
        break;
      case kHostname:
        if (this.#is(this.#at, "[")) this.#brackets++;
        else if (this.#is(this.#at, "]")) this.#brackets--;
        else if (this.#is(this.#at, ":") && this.#brackets === 0) this.#change(kPort, 1);
        else this.#readRest();
        break;
      default:
        this.#readRest();
    }
  }

  /** Looks for the components that may follow any other. */
  #readRest() {
    const state = this.#state;
    if (state < kPathname && this.#isPathStart()) this.#change(kPathname, 0);
    else if (state < kSearch && this.#isSearchPrefix()) this.#change(kSearch, 1);
    else if (state < kHash && this.#isHashPrefix()) this.#change(kHash, 1);
  }

  #endProtocol() {
    this.#special = new Component(this.#text(), encodeProtocol, kDefault, false).matchesSpecialScheme();
    if (this.#is(this.#at + 1, "/") && this.#is(this.#at + 2, "/")) this.#change(kAuthority, 3);
    else this.#change(this.#special ? kAuthority : kPathname, 1);
  }

  // https://urlpattern.spec.whatwg.org/#change-state
  #change(state, skip) {
    const from = this.#state;
    const result = this.#result;
    if (from !== kInit && from !== kAuthority && from !== kDone) result[kNames[from]] = this.#text();
    if (from !== kInit && state !== kDone) {
      if (from < kHostname && state > kHostname) result.hostname ??= "";
      if (from < kPathname && state > kPathname) result.pathname ??= this.#special ? "/" : "";
      if (from < kSearch && state === kHash) result.search ??= "";
    }
    this.#state = state;
    this.#at += skip;
    this.#start = this.#at;
    this.#step = 0;
  }

  #rewind(state = this.#state) {
    this.#at = this.#start;
    this.#step = 0;
    this.#state = state;
  }

  #token(at) {
    const list = this.#tokens;
    return at < list.length ? list[at] : list[list.length - 1];
  }
  /** Whether a token stands for this very character. */
  #is(at, value) {
    const token = this.#token(at);
    return token.value === value && (token.type === tokens.kChar || token.type === tokens.kEscapedChar || token.type === tokens.kInvalidChar);
  }
  #isPathStart() {
    return this.#is(this.#at, "/");
  }
  #isHashPrefix() {
    return this.#is(this.#at, "#");
  }
  // A question mark behind a group is its modifier.
  #isSearchPrefix() {
    const at = this.#at;
    if (this.#is(at, "?")) return true;
    if (this.#token(at).value !== "?") return false;
    if (at === 0) return true;
    const { type } = this.#tokens[at - 1];
    return type !== tokens.kName && type !== tokens.kRegexp && type !== tokens.kClose && type !== tokens.kAsterisk;
  }
  #text() {
    return StringPrototypeSlice(this.#input, this.#token(this.#start).index, this.#token(this.#at).index);
  }
}

/** The components that a pattern in one string has; those it does not mention are left out. */
function parseConstructorString(input) {
  return new StringParser(input).run();
}

module.exports = { parseConstructorString };
