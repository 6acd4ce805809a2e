"use strict";
// net.BlockList. https://nodejs.org/docs/latest-v22.x/api/net.html#class-netblocklist

const {
  ArrayPrototypePush,
  FunctionPrototypeSymbolHasInstance,
  JSONParse,
  NumberParseInt,
  RegExpPrototypeExec,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
} = primordials;
const errors = require.lazy("node/internal_errors");
const netErrors = require.lazy("node/internal_net_errors");
const { isIPv4, isIPv6, isSocketAddress, parseAddress } = require("node/internal_net_address");
const { kCustom } = require("node/internal_inspect").internals;
const { validateArray, validateInt32, validateOneOf, validateString } = require("node/internal_validators");

const kFamilies = ["ipv4", "ipv6"];
const label = (family) => (family === "ipv4" ? "IPv4" : "IPv6");
const isAddress = (text, family) => (family === "ipv4" ? isIPv4(text) : isIPv6(text));

function requireAddress(text, family) {
  if (!isAddress(text, family)) throw new (netErrors().ERR_INVALID_IP_ADDRESS)(`Invalid ${label(family)} address`);
}

/** Below zero, zero or above for two parsed addresses of a family. */
function compare(a, b) {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

class Rule {
  family;
  constructor(family) {
    this.family = family;
  }

  /** Whether it is meant; rules for IPv4 know addresses that IPv6 maps. */
  check(address, family) {
    if (family === this.family) return this.matches(address);
    if (this.family === "ipv6" || !StringPrototypeStartsWith(address, "::ffff:")) return false;
    const mapped = StringPrototypeSlice(address, 7);
    return isIPv4(mapped) && this.matches(mapped);
  }
}

class AddressRule extends Rule {
  #address;
  constructor(address, family) {
    super(family);
    this.#address = address;
  }

  matches(address) {
    return address === this.#address;
  }

  get text() {
    return `Address: ${label(this.family)} ${this.#address}`;
  }
}

class RangeRule extends Rule {
  #text;
  #start;
  #end;
  constructor(start, end, family) {
    super(family);
    this.#text = `${start}-${end}`;
    this.#start = parseAddress(start, family);
    this.#end = parseAddress(end, family);
  }

  matches(address) {
    const parsed = parseAddress(address, this.family);
    return compare(parsed, this.#start) >= 0 && compare(parsed, this.#end) <= 0;
  }

  get text() {
    return `Range: ${label(this.family)} ${this.#text}`;
  }
}

class SubnetRule extends Rule {
  #text;
  #network;
  #prefix;
  constructor(network, prefix, family) {
    super(family);
    this.#text = `${network}/${prefix}`;
    this.#network = parseAddress(network, family);
    this.#prefix = prefix;
  }

  matches(address) {
    const parsed = parseAddress(address, this.family);
    const width = this.family === "ipv4" ? 8 : 16;
    let left = this.#prefix;
    for (let i = 0; left > 0; i++, left -= width) {
      const shift = left < width ? width - left : 0;
      if (parsed[i] >> shift !== this.#network[i] >> shift) return false;
    }
    return true;
  }

  get text() {
    return `Subnet: ${label(this.family)} ${this.#text}`;
  }
}

/** [text, family] of an argument: a SocketAddress, or text of the family. */
function take(value, name, family) {
  if (isSocketAddress(value)) return [value.address, value.family];
  validateString(value, name);
  validateOneOf(family, "family", kFamilies);
  return [value, family];
}

const kRule = /^(Address|Range|Subnet): (IPv4|IPv6) ([0-9a-fA-F:.]+)(?:[-/]([0-9a-fA-F:.]+))?$/;

class BlockList {
  #rules = [];

  static isBlockList(value) {
    return FunctionPrototypeSymbolHasInstance(BlockList, value);
  }

  addAddress(address, family = "ipv4") {
    const [text, kind] = take(address, "address", family);
    requireAddress(text, kind);
    ArrayPrototypePush(this.#rules, new AddressRule(text, kind));
  }

  addRange(start, end, family = "ipv4") {
    const [first, kind] = take(start, "start", family);
    const [last, lastKind] = isSocketAddress(end) ? [end.address, end.family] : take(end, "end", kind);
    if (kind !== lastKind && isSocketAddress(start)) throw new (errors().ERR_INVALID_ARG_VALUE)("end", end, "must be same family as start");
    requireAddress(first, kind);
    requireAddress(last, kind);
    if (compare(parseAddress(first, kind), parseAddress(last, kind)) > 0) {
      throw new (errors().ERR_INVALID_ARG_VALUE)("start", first, "must come before end");
    }
    ArrayPrototypePush(this.#rules, new RangeRule(first, last, kind));
  }

  addSubnet(network, prefix, family = "ipv4") {
    const [text, kind] = take(network, "network", family);
    validateInt32(prefix, "prefix");
    const max = kind === "ipv4" ? 32 : 128;
    if (prefix < 0 || prefix > max) throw new (errors().ERR_OUT_OF_RANGE)("prefix", `between 0 and ${max}`, prefix);
    requireAddress(text, kind);
    ArrayPrototypePush(this.#rules, new SubnetRule(text, prefix, kind));
  }

  check(address, family = "ipv4") {
    let [text, kind] = take(address, "address", family);
    kind = StringPrototypeToLowerCase(kind);
    if (!isAddress(text, kind)) return false;
    for (let i = 0; i < this.#rules.length; i++) if (this.#rules[i].check(text, kind)) return true;
    return false;
  }

  get rules() {
    const texts = [];
    for (let i = 0; i < this.#rules.length; i++) texts[i] = this.#rules[i].text;
    return texts;
  }

  toJSON() {
    return this.rules;
  }

  /** Adds rules in the form that `rules` shows; what is none is passed over. */
  fromJSON(data) {
    let rules = data;
    if (typeof data === "string") {
      try {
        rules = JSONParse(data);
      } catch {
        throw new (errors().ERR_INVALID_ARG_VALUE)("data", data, "must be valid JSON");
      }
    }
    validateArray(rules, "data");
    for (let i = 0; i < rules.length; i++) this.#addRule(`${rules[i]}`);
  }

  #addRule(text) {
    const match = RegExpPrototypeExec(kRule, text);
    if (match === null) return;
    const family = StringPrototypeToLowerCase(match[2]);
    if (match[1] === "Address") this.addAddress(match[3], family);
    else if (match[4] === undefined) return;
    else if (match[1] === "Range") this.addRange(match[3], match[4], family);
    else this.addSubnet(match[3], NumberParseInt(match[4], 10), family);
  }

  [kCustom](depth, options, inspect) {
    if (depth < 0) return "[BlockList]";
    const shown = inspect(this.rules, { ...options, depth: options.depth === null ? null : options.depth - 1 });
    return `BlockList {\n  rules: ${shown}\n}`;
  }
}

module.exports = { BlockList };
