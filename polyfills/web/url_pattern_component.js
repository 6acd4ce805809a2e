"use strict";
// One component of a URL pattern: its parts, the regular expression they make, and the pattern in its normal form.
// https://urlpattern.spec.whatwg.org/#parsing-pattern-strings

const {
  ArrayPrototypePush,
  ObjectDefineProperty,
  RegExp,
  RegExpPrototypeExec,
  StringPrototypeCharCodeAt,
  StringPrototypeCodePointAt,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  TypeError,
} = primordials;
const tokens = require("web/url_pattern_tokens");

// Types of parts.
const kFixed = 0;
const kRegexp = 1;
const kSegment = 2;
const kFull = 3;

class Part {
  type;
  value;
  /** "", "?", "*" or "+". */
  modifier;
  name = "";
  prefix = "";
  suffix = "";
  constructor(type, value, modifier) {
    this.type = type;
    this.value = value;
    this.modifier = modifier;
  }
}

function isDigitName(name) {
  const unit = StringPrototypeCharCodeAt(name, 0);
  return unit >= 0x30 && unit <= 0x39;
}

function escapeAny(text, special) {
  let out = "";
  for (let i = 0; i < text.length; i++) out += StringPrototypeIncludes(special, text[i]) ? `\\${text[i]}` : text[i];
  return out;
}

// https://urlpattern.spec.whatwg.org/#escape-a-regexp-string
function escapeRegexp(text) {
  return escapeAny(text, ".+*?^${}()[]|/\\");
}

/** https://urlpattern.spec.whatwg.org/#escape-a-pattern-string */
function escapePattern(text) {
  return escapeAny(text, "+*?:{}()\\");
}

/** Which code point separates segments of a component, and which one belongs to a group that follows it. */
class Options {
  delimiter;
  prefix;
  wildcard;
  constructor(delimiter, prefix) {
    this.delimiter = delimiter;
    this.prefix = prefix;
    this.wildcard = `[^${escapeRegexp(delimiter)}]+?`;
  }
}

const kDefault = new Options("", "");
const kHostname = new Options(".", "");
const kPathname = new Options("/", "/");

// https://urlpattern.spec.whatwg.org/#parse-a-pattern-string
class PatternParser {
  #tokens;
  #options;
  #encode;
  #at = 0;
  #fixed = "";
  #nextName = 0;
  #parts = [];
  constructor(input, options, encode) {
    this.#tokens = tokens.tokenize(input, false);
    this.#options = options;
    this.#encode = encode;
  }

  run() {
    const list = this.#tokens;
    while (this.#at < list.length) {
      const char = this.#take(tokens.kChar);
      const name = this.#take(tokens.kName);
      const matcher = this.#takeMatcher(name);
      if (name !== undefined || matcher !== undefined) {
        this.#addGroup(char, name, matcher);
        continue;
      }
      const fixed = char ?? this.#take(tokens.kEscapedChar);
      if (fixed !== undefined) this.#fixed += fixed.value;
      else if (this.#take(tokens.kOpen) !== undefined) this.#addBraces();
      else {
        this.#addFixed();
        this.#require(tokens.kEnd);
      }
    }
    return this.#parts;
  }

  #addGroup(char, name, matcher) {
    let prefix = char === undefined ? "" : char.value;
    if (prefix !== "" && prefix !== this.#options.prefix) {
      this.#fixed += prefix;
      prefix = "";
    }
    this.#addFixed();
    this.#add(prefix, name, matcher, "", this.#takeModifier());
  }

  #addBraces() {
    const prefix = this.#takeText();
    const name = this.#take(tokens.kName);
    const matcher = this.#takeMatcher(name);
    const suffix = this.#takeText();
    this.#require(tokens.kClose);
    this.#add(prefix, name, matcher, suffix, this.#takeModifier());
  }

  #take(type) {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.type !== type) return undefined;
    this.#at++;
    return token;
  }
  #takeMatcher(name) {
    const token = this.#take(tokens.kRegexp);
    return token === undefined && name === undefined ? this.#take(tokens.kAsterisk) : token;
  }
  #takeModifier() {
    const token = this.#take(tokens.kOtherModifier) ?? this.#take(tokens.kAsterisk);
    return token === undefined ? "" : token.value;
  }
  #takeText() {
    let text = "";
    for (;;) {
      const token = this.#take(tokens.kChar) ?? this.#take(tokens.kEscapedChar);
      if (token === undefined) return text;
      text += token.value;
    }
  }
  #require(type) {
    if (this.#take(type) === undefined) throw new TypeError("Invalid URL pattern.");
  }

  #addFixed() {
    if (this.#fixed === "") return;
    const encoded = this.#encode(this.#fixed);
    this.#fixed = "";
    ArrayPrototypePush(this.#parts, new Part(kFixed, encoded, ""));
  }

  // https://urlpattern.spec.whatwg.org/#add-a-part
  #add(prefix, name, matcher, suffix, modifier) {
    if (name === undefined && matcher === undefined && modifier === "") {
      this.#fixed += prefix;
      return;
    }
    this.#addFixed();
    if (name === undefined && matcher === undefined) {
      if (prefix !== "") ArrayPrototypePush(this.#parts, new Part(kFixed, this.#encode(prefix), modifier));
      return;
    }
    const wildcard = this.#options.wildcard;
    const value = matcher === undefined ? wildcard : matcher.type === tokens.kAsterisk ? ".*" : matcher.value;
    const type = value === wildcard ? kSegment : value === ".*" ? kFull : kRegexp;
    const part = new Part(type, type === kRegexp ? value : "", modifier);
    part.name = name === undefined ? `${this.#nextName++}` : name.value;
    const parts = this.#parts;
    for (let i = 0; i < parts.length; i++) if (parts[i].name === part.name) throw new TypeError("Duplicate name in a URL pattern.");
    part.prefix = this.#encode(prefix);
    part.suffix = this.#encode(suffix);
    ArrayPrototypePush(parts, part);
  }
}

// https://urlpattern.spec.whatwg.org/#generate-a-regular-expression-and-name-list
function regexpOf(parts, options, names) {
  let out = "^";
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const { modifier } = part;
    if (part.type === kFixed) {
      const text = escapeRegexp(part.value);
      out += modifier === "" ? text : `(?:${text})${modifier}`;
      continue;
    }
    ArrayPrototypePush(names, part.name);
    const value = part.type === kSegment ? options.wildcard : part.type === kFull ? ".*" : part.value;
    const prefix = escapeRegexp(part.prefix);
    const suffix = escapeRegexp(part.suffix);
    const once = modifier === "" || modifier === "?";
    if (prefix === "" && suffix === "") out += once ? `(${value})${modifier}` : `((?:${value})${modifier})`;
    else if (once) out += `(?:${prefix}(${value})${suffix})${modifier}`;
    else out += `(?:${prefix}((?:${value})(?:${suffix}${prefix}(?:${value}))*)${suffix})${modifier === "*" ? "?" : ""}`;
  }
  return `${out}$`;
}

// Whether a group has to stand in braces to be read as it is meant.
function needsBraces(part, previous, next, options) {
  if (part.suffix !== "" || (part.prefix !== "" && part.prefix !== options.prefix)) return true;
  if (!isDigitName(part.name) && part.type === kSegment && part.modifier === "" && next !== undefined && next.prefix === "" && next.suffix === "") {
    const joined = next.type === kFixed ? tokens.isNameCodePoint(StringPrototypeCodePointAt(next.value, 0), false) : isDigitName(next.name);
    if (joined) return true;
  }
  return (
    options.prefix !== "" && part.prefix === "" && previous !== undefined && previous.type === kFixed && previous.value[previous.value.length - 1] === options.prefix
  );
}

// https://urlpattern.spec.whatwg.org/#generate-a-pattern-string
function patternOf(parts, options) {
  let out = "";
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part.type === kFixed) {
      const text = escapePattern(part.value);
      out += part.modifier === "" ? text : `{${text}}${part.modifier}`;
    } else {
      const previous = i > 0 ? parts[i - 1] : undefined;
      out += groupOf(part, previous, needsBraces(part, previous, parts[i + 1], options), options);
    }
  }
  return out;
}

function groupOf(part, previous, braces, options) {
  const custom = !isDigitName(part.name);
  let out = escapePattern(part.prefix);
  if (custom) out += `:${part.name}`;
  if (part.type === kRegexp) out += `(${part.value})`;
  else if (part.type === kSegment && !custom) out += `(${options.wildcard})`;
  else if (part.type === kFull) {
    const alone = previous === undefined || previous.type === kFixed || previous.modifier !== "" || braces || part.prefix !== "";
    out += !custom && alone ? "*" : "(.*)";
  }
  if (part.type === kSegment && custom && part.suffix !== "" && tokens.isNameCodePoint(StringPrototypeCodePointAt(part.suffix, 0), false)) out += "\\";
  out += escapePattern(part.suffix);
  return (braces ? `{${out}}` : out) + part.modifier;
}

/** A compiled component. */
class Component {
  /** In its normal form. */
  pattern;
  hasRegExpGroups = false;
  #names = [];
  #source;
  #flags;
  #regexp;
  // What matches without a regular expression: this very text, or anything.
  #literal;
  #anything;
  constructor(input, encode, options, ignoreCase) {
    const parts = new PatternParser(input, options, encode).run();
    this.#source = regexpOf(parts, options, this.#names);
    this.#flags = ignoreCase ? "vi" : "v";
    this.pattern = patternOf(parts, options);
    for (let i = 0; i < parts.length; i++) if (parts[i].type === kRegexp) this.hasRegExpGroups = true;
    this.#anything = parts.length === 1 && parts[0].type === kFull && parts[0].prefix === "" && parts[0].suffix === "";
    if (parts.length === 0) this.#literal = "";
    else if (parts.length === 1 && parts[0].type === kFixed && parts[0].modifier === "" && !ignoreCase) this.#literal = parts[0].value;
    // Only what a script has written itself can be malformed.
    if (this.hasRegExpGroups) this.#compiled();
  }

  #compiled() {
    return (this.#regexp ??= new RegExp(this.#source, this.#flags));
  }

  test(text) {
    if (this.#anything) return true;
    if (this.#literal !== undefined) return text === this.#literal;
    return RegExpPrototypeExec(this.#compiled(), text) !== null;
  }

  /** What exec() tells of the component, or undefined if it does not match. https://urlpattern.spec.whatwg.org/#create-a-component-match-result */
  exec(text, missing) {
    if (this.#literal !== undefined) return text === this.#literal ? { input: text, groups: {} } : undefined;
    if (this.#anything && this.#names[0] === "0") return { input: text, groups: { 0: text } };
    const match = RegExpPrototypeExec(this.#compiled(), text);
    if (match === null) return undefined;
    const groups = {};
    const names = this.#names;
    for (let i = 0; i < names.length; i++) {
      const value = match[i + 1] ?? missing;
      ObjectDefineProperty(groups, names[i], { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    }
    return { input: text, groups };
  }

  /** https://urlpattern.spec.whatwg.org/#protocol-component-matches-a-special-scheme */
  matchesSpecialScheme() {
    return this.test("http") || this.test("https") || this.test("ws") || this.test("wss") || this.test("ftp") || this.test("file");
  }
}

module.exports = { Component, escapePattern, kDefault, kHostname, kPathname };
