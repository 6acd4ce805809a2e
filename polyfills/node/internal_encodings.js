"use strict";
// Node's names of encodings. https://nodejs.org/docs/latest-v22.x/api/buffer.html#buffers-and-character-encodings

const { StringPrototypeToLowerCase } = primordials;

// As the ops in ops_buffer.cc number them.
const kASCII = 0;
const kLatin1 = 1;
const kUtf8 = 2;
const kUtf16 = 3;
const kBase64 = 4;
const kBase64URL = 5;
const kHex = 6;

const byName = {
  __proto__: null,
  ascii: kASCII,
  latin1: kLatin1,
  binary: kLatin1,
  utf8: kUtf8,
  "utf-8": kUtf8,
  ucs2: kUtf16,
  "ucs-2": kUtf16,
  utf16le: kUtf16,
  "utf-16le": kUtf16,
  base64: kBase64,
  base64url: kBase64URL,
  hex: kHex,
};

/** The number of an encoding; undefined if there is none of that name. Only `undefined` stands for UTF-8. */
function encodingOf(name) {
  if (name === undefined || name === "utf8") return kUtf8;
  name = `${name}`;
  return byName[name] ?? byName[StringPrototypeToLowerCase(name)];
}

/** The same, with UTF-8 for null, too. */
function normalizeEncoding(name) {
  return name === null ? kUtf8 : encodingOf(name);
}

module.exports = { kASCII, kLatin1, kUtf8, kUtf16, kBase64, kBase64URL, kHex, encodingOf, normalizeEncoding };
