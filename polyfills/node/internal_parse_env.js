"use strict";
// util.parseEnv: the text of a .env file. https://nodejs.org/docs/latest-v22.x/api/util.html#utilparseenvcontent
// Names are what stands before "=", without "export"; a value may be quoted by ', " or `, and then goes on over lines.

const {
  ObjectDefineProperty,
  StringPrototypeIndexOf,
  StringPrototypeReplaceAll,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeTrim,
} = primordials;

function isSpace(character) {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}

class Parser {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = StringPrototypeReplaceAll(text, "\r\n", "\n");
  }

  parse() {
    const result = {};
    while (this.#skipSpace()) {
      const line = this.#endOfLine();
      const equals = StringPrototypeIndexOf(this.#text, "=", this.#at);
      if (this.#text[this.#at] === "#" || equals === -1 || equals > line) {
        this.#at = line + 1;
        continue;
      }
      const name = this.#name(equals);
      this.#at = equals + 1;
      const value = this.#value();
      if (name !== "") ObjectDefineProperty(result, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    }
    return result;
  }

  #skipSpace() {
    while (this.#at < this.#text.length && isSpace(this.#text[this.#at])) this.#at++;
    return this.#at < this.#text.length;
  }

  #endOfLine() {
    const end = StringPrototypeIndexOf(this.#text, "\n", this.#at);
    return end === -1 ? this.#text.length : end;
  }

  #name(equals) {
    const name = StringPrototypeTrim(StringPrototypeSlice(this.#text, this.#at, equals));
    return StringPrototypeStartsWith(name, "export ") ? StringPrototypeTrim(StringPrototypeSlice(name, 7)) : name;
  }

  // The value from here on; leaves the position at the start of the next line.
  #value() {
    const text = this.#text;
    while (text[this.#at] === " " || text[this.#at] === "\t") this.#at++;
    const quote = text[this.#at];
    if (quote === '"' || quote === "'" || quote === "`") {
      const end = StringPrototypeIndexOf(text, quote, this.#at + 1);
      if (end !== -1) {
        const value = StringPrototypeSlice(text, this.#at + 1, end);
        this.#at = end;
        this.#at = this.#endOfLine() + 1;
        return quote === '"' ? StringPrototypeReplaceAll(value, "\\n", "\n") : value;
      }
      return this.#unclosed();
    }
    const line = this.#endOfLine();
    const comment = StringPrototypeIndexOf(text, "#", this.#at);
    const value = StringPrototypeSlice(text, this.#at, comment === -1 || comment > line ? line : comment);
    this.#at = line + 1;
    return StringPrototypeTrim(value);
  }

  // A quote that nothing closes is dropped, unless it is all there is.
  #unclosed() {
    const line = this.#endOfLine();
    const value = StringPrototypeTrim(StringPrototypeSlice(this.#text, this.#at, line));
    this.#at = line + 1;
    return value.length > 1 ? StringPrototypeSlice(value, 1) : value;
  }
}

/**
 * @param {string} text
 * @returns {object} names to values
 */
function parse(text) {
  return new Parser(text).parse();
}

module.exports = { parse };
