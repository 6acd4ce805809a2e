"use strict";
// Names and labels of the encodings that TextDecoder knows. https://encoding.spec.whatwg.org/#names-and-labels

const { StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeToLowerCase } = primordials;

const kLabels = {
  __proto__: null,
  "utf-8": "utf-8",
  utf8: "utf-8",
  "unicode-1-1-utf-8": "utf-8",
  unicode11utf8: "utf-8",
  unicode20utf8: "utf-8",
  "x-unicode20utf8": "utf-8",
  "utf-16": "utf-16le",
  "utf-16le": "utf-16le",
  csunicode: "utf-16le",
  "iso-10646-ucs-2": "utf-16le",
  "ucs-2": "utf-16le",
  unicode: "utf-16le",
  unicodefeff: "utf-16le",
  "utf-16be": "utf-16be",
  unicodefffe: "utf-16be",
  "ansi_x3.4-1968": "windows-1252",
  ascii: "windows-1252",
  cp1252: "windows-1252",
  cp819: "windows-1252",
  csisolatin1: "windows-1252",
  ibm819: "windows-1252",
  "iso-8859-1": "windows-1252",
  "iso-ir-100": "windows-1252",
  "iso8859-1": "windows-1252",
  iso88591: "windows-1252",
  "iso_8859-1": "windows-1252",
  "iso_8859-1:1987": "windows-1252",
  l1: "windows-1252",
  latin1: "windows-1252",
  "us-ascii": "windows-1252",
  "windows-1252": "windows-1252",
  "x-cp1252": "windows-1252",
};

function isWhitespace(unit) {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0c || unit === 0x0d;
}

/** The name of the encoding with this label, undefined if there is none. https://encoding.spec.whatwg.org/#concept-encoding-get */
function encodingOf(label) {
  const known = kLabels[label];
  if (known !== undefined) return known;
  let start = 0;
  let end = label.length;
  while (start < end && isWhitespace(StringPrototypeCharCodeAt(label, start))) start++;
  while (end > start && isWhitespace(StringPrototypeCharCodeAt(label, end - 1))) end--;
  return kLabels[StringPrototypeToLowerCase(StringPrototypeSlice(label, start, end))];
}

module.exports = { encodingOf };
