"use strict";
// The tokens of a URL pattern. https://urlpattern.spec.whatwg.org/#tokenizers

const { ArrayPrototypePush, RegExp, RegExpPrototypeExec, StringFromCodePoint, StringPrototypeCharCodeAt, StringPrototypeCodePointAt, StringPrototypeSlice, TypeError } = primordials;

// Types of tokens.
const kOpen = 1;
const kClose = 2;
const kRegexp = 3;
const kName = 4;
const kChar = 5;
const kEscapedChar = 6;
const kOtherModifier = 7;
const kAsterisk = 8;
const kEnd = 9;
const kInvalidChar = 10;

let identifierStart;
let identifierPart;

/** Whether a code point may be in a group's name. https://urlpattern.spec.whatwg.org/#is-a-valid-name-code-point */
function isNameCodePoint(point, first) {
  if (point < 0x80) {
    const lower = point | 0x20;
    return (lower >= 0x61 && lower <= 0x7a) || point === 0x24 || point === 0x5f || (!first && point >= 0x30 && point <= 0x39);
  }
  identifierStart ??= new RegExp("^\\p{ID_Start}$", "u");
  identifierPart ??= new RegExp("^[\\p{ID_Continue}\\u200c\\u200d]$", "u");
  return RegExpPrototypeExec(first ? identifierStart : identifierPart, StringFromCodePoint(point)) !== null;
}

class Token {
  type;
  /** Where it begins in the pattern. */
  index;
  value;
  constructor(type, index, value) {
    this.type = type;
    this.index = index;
    this.value = value;
  }
}

class Tokenizer {
  #input;
  #lenient;
  #at = 0;
  tokens = [];
  constructor(input, lenient) {
    this.#input = input;
    this.#lenient = lenient;
  }

  #add(type, next, from, to) {
    ArrayPrototypePush(this.tokens, new Token(type, this.#at, StringPrototypeSlice(this.#input, from, to)));
    this.#at = next;
  }

  #fail(next, from) {
    if (!this.#lenient) throw new TypeError("Invalid URL pattern.");
    this.#add(kInvalidChar, next, from, next);
  }

  run() {
    const input = this.#input;
    while (this.#at < input.length) {
      const at = this.#at;
      const point = StringPrototypeCodePointAt(input, at);
      const next = at + (point > 0xffff ? 2 : 1);
      if (point === 0x2a) this.#add(kAsterisk, next, at, next);
      else if (point === 0x2b || point === 0x3f) this.#add(kOtherModifier, next, at, next);
      else if (point === 0x5c) this.#escape(next);
      else if (point === 0x7b) this.#add(kOpen, next, at, next);
      else if (point === 0x7d) this.#add(kClose, next, at, next);
      else if (point === 0x3a) this.#name(next);
      else if (point === 0x28) this.#regexp(next);
      else this.#add(kChar, next, at, next);
    }
    this.#add(kEnd, this.#at, this.#at, this.#at);
    return this.tokens;
  }

  #escape(from) {
    const input = this.#input;
    if (from === input.length) {
      this.#fail(from, from - 1);
      return;
    }
    const next = from + (StringPrototypeCodePointAt(input, from) > 0xffff ? 2 : 1);
    this.#add(kEscapedChar, next, from, next);
  }

  #name(start) {
    const input = this.#input;
    let end = start;
    while (end < input.length) {
      const point = StringPrototypeCodePointAt(input, end);
      if (!isNameCodePoint(point, end === start)) break;
      end += point > 0xffff ? 2 : 1;
    }
    if (end === start) this.#fail(start, this.#at);
    else this.#add(kName, end, start, end);
  }

  #regexp(start) {
    const end = this.#regexpEnd(start);
    if (end < 0 || end === start) this.#fail(start, this.#at);
    else this.#add(kRegexp, end + 1, start, end);
  }

  /** Where the parenthesis that closes the group is; -1 if it is malformed: groups within must not capture. */
  #regexpEnd(start) {
    const input = this.#input;
    let depth = 1;
    for (let at = start; at < input.length; at++) {
      const unit = StringPrototypeCharCodeAt(input, at);
      if (unit > 0x7f || (at === start && unit === 0x3f)) return -1;
      if (unit === 0x5c) {
        if (++at === input.length || StringPrototypeCharCodeAt(input, at) > 0x7f) return -1;
      } else if (unit === 0x29) {
        if (--depth === 0) return at;
      } else if (unit === 0x28) {
        depth++;
        if (StringPrototypeCharCodeAt(input, at + 1) !== 0x3f) return -1;
      }
    }
    return -1;
  }
}

/** The tokens of a pattern; lenient ones may be invalid characters, else a TypeError is thrown. */
function tokenize(input, lenient) {
  return new Tokenizer(input, lenient).run();
}

module.exports = {
  isNameCodePoint,
  kAsterisk,
  kChar,
  kClose,
  kEnd,
  kEscapedChar,
  kInvalidChar,
  kName,
  kOpen,
  kOtherModifier,
  kRegexp,
  tokenize,
};
