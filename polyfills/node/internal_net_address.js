"use strict";
// IP addresses as text and as numbers, and net.SocketAddress. https://nodejs.org/docs/latest-v22.x/api/net.html#class-netsocketaddress

const {
  Array,
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  NumberParseInt,
  RegExp,
  RegExpPrototypeExec,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
} = primordials;
const netErrors = require.lazy("node/internal_net_errors");
const { validateObject, validateOneOf, validateString, validateUint32 } = require("node/internal_validators");
const { kCustom } = require("node/internal_inspect").internals;
const { parseHref } = require("web/url").internals;

const kByte = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])";
const kV4 = `(?:${kByte}\\.){3}${kByte}`;
const kGroup = "[0-9a-fA-F]{1,4}";

// What may stand left of "::" for each number of groups there, with what may follow it.
function v6Forms() {
  const forms = [`(?:${kGroup}:){7}(?:${kGroup}|:)`, `(?:${kGroup}:){6}(?:${kV4}|:${kGroup}|:)`];
  for (let left = 5; left >= 1; left--) {
    const right = 7 - left;
    ArrayPrototypePush(forms, `(?:${kGroup}:){${left}}(?:(?::${kGroup}){0,${right - 2}}:${kV4}|(?::${kGroup}){1,${right}}|:)`);
  }
  ArrayPrototypePush(forms, `:(?:(?::${kGroup}){0,5}:${kV4}|(?::${kGroup}){1,7}|:)`);
  return ArrayPrototypeJoin(forms, "|");
}

const v4Pattern = new RegExp(`^${kV4}$`);
const v6Pattern = new RegExp(`^(?:${v6Forms()})(?:%[0-9a-zA-Z-.:]{1,})?$`);

function isIPv4(input) {
  return RegExpPrototypeExec(v4Pattern, `${input}`) !== null;
}

function isIPv6(input) {
  return RegExpPrototypeExec(v6Pattern, `${input}`) !== null;
}

/** 4, 6, or 0 for what is no address. */
function isIP(input) {
  if (isIPv4(input)) return 4;
  return isIPv6(input) ? 6 : 0;
}

/** The bytes of an IPv4 address; the groups of an IPv6 address as 16-bit numbers. Both must be valid. */
function parseAddress(text, family) {
  return family === "ipv4" ? parseV4(text) : parseV6(text);
}

function parseV4(text) {
  const parts = StringPrototypeSplit(text, ".");
  for (let i = 0; i < parts.length; i++) parts[i] = +parts[i];
  return parts;
}

function groups(text) {
  if (text === "") return [];
  const parts = StringPrototypeSplit(text, ":");
  const result = [];
  for (let i = 0; i < parts.length; i++) {
    if (StringPrototypeIndexOf(parts[i], ".") === -1) {
      ArrayPrototypePush(result, NumberParseInt(parts[i], 16));
      continue;
    }
    const bytes = parseV4(parts[i]);
    ArrayPrototypePush(result, bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]);
  }
  return result;
}

function parseV6(text) {
  const zone = StringPrototypeIndexOf(text, "%");
  if (zone !== -1) text = StringPrototypeSlice(text, 0, zone);
  const gap = StringPrototypeIndexOf(text, "::");
  if (gap === -1) return groups(text);
  const left = groups(StringPrototypeSlice(text, 0, gap));
  const right = groups(StringPrototypeSlice(text, gap + 2));
  const result = new Array(8);
  for (let i = 0; i < 8; i++) result[i] = i < left.length ? left[i] : i >= 8 - right.length ? right[i - 8 + right.length] : 0;
  return result;
}

function checkAddress(address, family) {
  if (!(family === "ipv4" ? isIPv4(address) : isIPv6(address))) throw new (netErrors().ERR_INVALID_ADDRESS)();
}

let isSocketAddress;

class SocketAddress {
  #address;
  #port;
  #family;
  #flowlabel;

  constructor(options = {}) {
    validateObject(options, "options");
    let { family = "ipv4" } = options;
    if (typeof family === "string") family = StringPrototypeToLowerCase(family || "ipv4");
    validateOneOf(family, "options.family", ["ipv4", "ipv6"]);
    const { address = family === "ipv4" ? "127.0.0.1" : "::", port = 0, flowlabel = 0 } = options;
    validateString(address, "options.address");
    this.#port = netErrors().validatePort(port, "options.port");
    validateUint32(flowlabel, "options.flowlabel");
    checkAddress(address, family);
    this.#address = address;
    this.#family = family;
    this.#flowlabel = flowlabel;
  }

  static {
    isSocketAddress = (value) => typeof value === "object" && value !== null && #address in value;
  }

  static isSocketAddress(value) {
    return isSocketAddress(value);
  }

  /** The address in "1.2.3.4:5" or "[::1]:5"; undefined if there is none. */
  static parse(input) {
    validateString(input, "input");
    const href = parseHref(`http://${input}`);
    if (href === undefined) return undefined;
    const match = RegExpPrototypeExec(/^http:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?/, href);
    let address = match[1];
    const v6 = StringPrototypeStartsWith(address, "[");
    if (v6) address = StringPrototypeSlice(address, 1, -1);
    if (!(v6 ? isIPv6(address) : isIPv4(address))) return undefined;
    return new SocketAddress({ address, port: match[2] | 0, family: v6 ? "ipv6" : "ipv4" });
  }

  get address() {
    return this.#address;
  }

  get port() {
    return this.#port;
  }

  get family() {
    return this.#family;
  }

  get flowlabel() {
    return this.#flowlabel;
  }

  toJSON() {
    return { address: this.#address, port: this.#port, family: this.#family, flowlabel: this.#flowlabel };
  }

  [kCustom](depth, options, inspect) {
    if (depth < 0) return this;
    const shown = inspect(this.toJSON(), { ...options, depth: options.depth === null ? null : options.depth - 1 });
    return `SocketAddress ${shown}`;
  }
}

module.exports = { SocketAddress, isIP, isIPv4, isIPv6, isSocketAddress, parseAddress };
