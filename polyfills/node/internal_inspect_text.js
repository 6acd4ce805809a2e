"use strict";
// util.inspect, the text of it: quoting, numbers, the width of a string on a terminal, control sequences. Pure functions.
// Output is that of Node 22, https://nodejs.org/docs/latest-v22.x/api/util.html#utilinspectobject-options

const {
  MathTrunc,
  NumberIsFinite,
  NumberIsNaN,
  NumberPrototypeToString,
  ObjectIs,
  RegExpPrototypeExec,
  String,
  StringPrototypeCharCodeAt,
  StringPrototypeCodePointAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeNormalize,
  StringPrototypePadStart,
  StringPrototypeRepeat,
  StringPrototypeSlice,
  StringPrototypeToUpperCase,
} = primordials;

// Quoting.

const kMayNeedEscape = /[\0-\x1f\x27\x5c\x7f-\x9f\ud800-\udfff]/;
const kShortEscapes = { __proto__: null, 8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 39: "\\'", 92: "\\\\" };

function escapeUnit(unit) {
  const short = kShortEscapes[unit];
  if (short !== undefined) return short;
  const hex = NumberPrototypeToString(unit, 16);
  return unit > 0xff ? `\\u${hex}` : `\\x${StringPrototypeToUpperCase(StringPrototypePadStart(hex, 2, "0"))}`;
}

function isLoneSurrogate(text, i, unit) {
  if (unit <= 0xdbff) {
    const next = i + 1 < text.length ? StringPrototypeCharCodeAt(text, i + 1) : 0;
    return next < 0xdc00 || next > 0xdfff;
  }
  const previous = i > 0 ? StringPrototypeCharCodeAt(text, i - 1) : 0;
  return previous < 0xd800 || previous > 0xdbff;
}

/** `text` with control characters, backslashes, lone surrogates and, unless told otherwise, single quotes escaped. */
function escape(text, keepSingleQuotes) {
  if (RegExpPrototypeExec(kMayNeedEscape, text) === null) return text;
  let result = "";
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    let bad;
    if (unit >= 0xd800) bad = unit <= 0xdfff && isLoneSurrogate(text, i, unit);
    else bad = unit < 32 || unit === 92 || (unit > 126 && unit < 160) || (unit === 39 && !keepSingleQuotes);
    if (!bad) continue;
    result += StringPrototypeSlice(text, start, i) + escapeUnit(unit);
    start = i + 1;
  }
  return result + StringPrototypeSlice(text, start);
}

/** A string literal: single quotes if it can, else double ones, else backticks, else single ones escaped. */
function quote(text) {
  if (StringPrototypeIncludes(text, "'")) {
    if (!StringPrototypeIncludes(text, '"')) return `"${escape(text, true)}"`;
    if (!StringPrototypeIncludes(text, "`") && !StringPrototypeIncludes(text, "${")) return `\`${escape(text, true)}\``;
  }
  return `'${escape(text, false)}'`;
}

// Numbers.

// Thousands of an integer, from the right; a sign stays in front.
function separateInteger(digits) {
  const first = StringPrototypeCharCodeAt(digits, 0) === 45 ? 1 : 0;
  let end = digits.length;
  let result = "";
  for (; end >= first + 4; end -= 3) result = `_${StringPrototypeSlice(digits, end - 3, end)}${result}`;
  return StringPrototypeSlice(digits, 0, end) + result;
}

// Thousandths of a fraction, from the left.
function separateFraction(digits) {
  let result = "";
  let start = 0;
  for (; start < digits.length - 3; start += 3) result += `${StringPrototypeSlice(digits, start, start + 3)}_`;
  return result + StringPrototypeSlice(digits, start);
}

/** A number as source text; -0 keeps its sign. */
function numberText(number, separate) {
  if (!separate) return ObjectIs(number, -0) ? "-0" : `${number}`;
  const integer = MathTrunc(number);
  const digits = String(integer);
  if (integer === number) {
    return !NumberIsFinite(number) || StringPrototypeIncludes(digits, "e") ? digits : separateInteger(digits);
  }
  if (NumberIsNaN(number)) return digits;
  return `${separateInteger(digits)}.${separateFraction(StringPrototypeSlice(String(number), digits.length + 1))}`;
}

/** A bigint as source text. */
function bigintText(bigint, separate) {
  const digits = `${bigint}`;
  return `${separate ? separateInteger(digits) : digits}n`;
}

// Width.

// First and last code point of the ranges that take two columns (East Asian Wide and Fullwidth, emoji), ascending.
const kWide = [
  0x1100, 0x115f, 0x2329, 0x232a, 0x2e80, 0x303e, 0x3040, 0x3247, 0x3250, 0x4dbf, 0x4e00, 0xa4c6, 0xa960, 0xa97c, 0xac00, 0xd7a3, 0xf900,
  0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6b, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x1b000, 0x1b001, 0x1f200, 0x1f251, 0x1f300, 0x1f64f, 0x20000,
  0x3fffd,
];
// The same for those that take none: controls, combining marks, zero-width marks, variation selectors.
const kZero = [
  0x00, 0x1f, 0x7f, 0x9f, 0x300, 0x36f, 0x200b, 0x200f, 0x20d0, 0x20ff, 0xfe00, 0xfe0f, 0xfe20, 0xfe2f, 0xe0100, 0xe01ef,
];

function inRanges(ranges, code) {
  for (let i = 0; i < ranges.length; i += 2) {
    if (code < ranges[i]) return false;
    if (code <= ranges[i + 1]) return true;
  }
  return false;
}

const kPlain = /^[\x20-\x7e]*$/;

/** Columns that `text` takes on a terminal; `strip` says that control sequences take none. */
function widthOf(text, strip) {
  if (RegExpPrototypeExec(kPlain, text) !== null) return text.length;
  if (strip) text = stripControls(text);
  text = StringPrototypeNormalize(text, "NFC");
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCodePointAt(text, i);
    if (code > 0xffff) i++;
    if (inRanges(kWide, code)) width += 2;
    else if (!inRanges(kZero, code)) width++;
  }
  return width;
}

// Control sequences.

// ESC or CSI, then either an operating system command up to its terminator, or a control sequence up to its final character.
const kControl =
  /[\x1b\x9b][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d/#&.:=?%@~_]*)*)?(?:\x07|\x1b\x5c|\x9c))|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]))/g;
const kColor = /\x1b\[\d\d?m/g;

function without(pattern, text) {
  if (StringPrototypeIndexOf(text, "\x1b") === -1 && StringPrototypeIndexOf(text, "\x9b") === -1) return text;
  let result = "";
  let start = 0;
  pattern.lastIndex = 0;
  for (let match; (match = RegExpPrototypeExec(pattern, text)) !== null; start = pattern.lastIndex) {
    result += StringPrototypeSlice(text, start, match.index);
  }
  return result + StringPrototypeSlice(text, start);
}

/** `text` without terminal control sequences. */
function stripControls(text) {
  return without(kControl, text);
}

/** `text` without the colours that inspect writes. */
function stripColors(text) {
  return without(kColor, text);
}

/** `text` whose lines after the first start with `count` more spaces. */
function indentLines(text, count) {
  let at = count === 0 ? -1 : StringPrototypeIndexOf(text, "\n");
  if (at === -1) return text;
  const break_ = `\n${StringPrototypeRepeat(" ", count)}`;
  let result = "";
  let start = 0;
  for (; at !== -1; at = StringPrototypeIndexOf(text, "\n", start)) {
    result += StringPrototypeSlice(text, start, at) + break_;
    start = at + 1;
  }
  return result + StringPrototypeSlice(text, start);
}

module.exports = { escape, quote, numberText, bigintText, widthOf, stripControls, stripColors, indentLines };
