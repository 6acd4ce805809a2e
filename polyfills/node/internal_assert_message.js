"use strict";
// The messages that assert generates. https://nodejs.org/docs/latest-v22.x/api/assert.html#class-assertassertionerror
// There is no terminal, so they have no colours.

const { ArrayPrototypeJoin, ArrayPrototypeSlice, String, StringPrototypeRepeat, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeTrimEnd } = primordials;
const { inspect } = require("node/internal_inspect");
const { kSame, kActual, diff } = require("node/internal_diff");

const kIntroductions = {
  __proto__: null,
  deepStrictEqual: "Expected values to be strictly deep-equal:",
  partialDeepStrictEqual: "Expected values to be partially and strictly deep-equal:",
  strictEqual: "Expected values to be strictly equal:",
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: "Expected values to be loosely deep-equal:",
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notIdentical: "Values have same structure but are not reference-equal:",
  notDeepEqualUnequal: "Expected values not to be loosely deep-equal:",
};

const kMaxShort = 12;
const kMaxLong = 512;
const kMaxLines = 50;
const kContext = 5;
const kWidth = 80;

function printed(value) {
  return inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    showHidden: false,
    showProxy: false,
    sorted: true,
    getters: true,
  });
}

function isReference(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

// Values that are one line each, at least one of them a primitive.
function simpleDifference(actual, expected, actualText, expectedText) {
  let length = actualText.length + expectedText.length;
  if (typeof actual === "string") length -= 2;
  if (typeof expected === "string") length -= 2;
  if (length <= kMaxShort) return { header: "", text: `${actualText} !== ${expectedText}` };
  let text = `\n+ ${actualText}\n- ${expectedText}`;
  if (actualText.length + expectedText.length <= kWidth) {
    let i = 0;
    while (i < actualText.length && actualText[i] === expectedText[i]) i++;
    if (i >= 3 && i < actualText.length) text += `\n${StringPrototypeRepeat(" ", i + 2)}^`;
  }
  return { header: "+ actual - expected", text };
}

// The lines of a run of equal ones that were held back: few are shown, many become "...".
function heldBack(edits, end, count) {
  if (count <= kContext) return "";
  const last = `  ${edits[end - 1][1]}\n`;
  if (count === kContext + 1) return last;
  if (count === kContext + 2) return `  ${edits[end - 2][1]}\n${last}`;
  return `...\n${last}`;
}

function printEdits(edits, operator) {
  let text = "";
  let skipped = false;
  let run = 0;
  for (let i = 0; i < edits.length; i++) {
    const { 0: operation, 1: line } = edits[i];
    if (operation === kSame) {
      if (run++ < kContext) text += `  ${line}\n`;
      continue;
    }
    text += heldBack(edits, i, run);
    if (run >= kContext + 3) skipped = true;
    run = 0;
    // What only the actual value has does not matter to a partial comparison.
    if (operation === kActual) text += `${operator === "partialDeepStrictEqual" ? " " : "+"} ${line}\n`;
    else text += `- ${line}\n`;
  }
  return { header: "+ actual - expected", text: `\n${StringPrototypeTrimEnd(text)}`, skipped };
}

function identical(lines, full) {
  if (lines.length <= kMaxLines || full) return { header: "", text: ArrayPrototypeJoin(lines, "\n"), skipped: false };
  return { header: "", text: `${ArrayPrototypeJoin(ArrayPrototypeSlice(lines, 0, kMaxLines), "\n")}\n...`, skipped: true };
}

// "Expected values to be strictly equal:" and what differs.
function difference(actual, expected, operator, full) {
  const actualText = printed(actual);
  const expectedText = printed(expected);
  const actualLines = StringPrototypeSplit(actualText, "\n");
  const expectedLines = StringPrototypeSplit(expectedText, "\n");
  const bothObjects = typeof actual === "object" && actual !== null && typeof expected === "object" && expected !== null;
  if (operator === "strictEqual" && (bothObjects || (typeof actual === "function" && typeof expected === "function"))) operator = "strictEqualObject";
  let result;
  if (actualLines.length === 1 && expectedLines.length === 1 && !bothObjects) {
    result = simpleDifference(actual, expected, actualText, expectedText);
  } else if (actualText === expectedText) {
    operator = "notIdentical";
    result = identical(actualLines, full);
  } else {
    result = printEdits(diff(actualLines, expectedLines, typeof actual === "object" && actual !== null), operator);
  }
  return `${kIntroductions[operator]}\n${result.header}${result.skipped ? "\n... Skipped lines" : ""}\n${result.text}\n`;
}

// Of values that should differ and do not: only one is shown.
function sameness(actual, operator, full) {
  const introduction = kIntroductions[operator === "notStrictEqual" && isReference(actual) ? "notStrictEqualObject" : operator];
  const lines = StringPrototypeSplit(printed(actual), "\n");
  if (lines.length > kMaxLines && !full) {
    lines[46] = "...";
    lines.length = 47;
  }
  if (lines.length === 1) return `${introduction}${lines[0].length > 5 ? "\n\n" : " "}${lines[0]}`;
  return `${introduction}\n\n${ArrayPrototypeJoin(lines, "\n")}\n`;
}

function shorten(text, full) {
  return text.length > kMaxLong && !full ? `${StringPrototypeSlice(text, 0, kMaxLong - 3)}...` : text;
}

function looseDifference(actual, expected, operator, full) {
  const actualText = printed(actual);
  const expectedText = printed(expected);
  if (operator === "notDeepEqual" && actualText === expectedText) {
    const text = `${kIntroductions[operator]}\n\n${actualText}`;
    return text.length > 1024 && !full ? `${StringPrototypeSlice(text, 0, 1021)}...` : text;
  }
  const left = shorten(actualText, full);
  const right = shorten(expectedText, full);
  if (operator === "deepEqual") return `${kIntroductions.deepEqual}\n\n${left}\n\nshould loosely deep-equal\n\n${right}`;
  const introduction = kIntroductions[`${operator}Unequal`];
  if (introduction !== undefined) return `${introduction}\n\n${left}\n\nshould not loosely deep-equal\n\n${right}`;
  return `${left} ${operator} ${right}`;
}

/**
 * The message of an assertion that has none.
 * @param {boolean} full nothing is left out
 */
function generateMessage(actual, expected, operator, full) {
  switch (operator) {
    case "deepStrictEqual":
    case "strictEqual":
    case "partialDeepStrictEqual":
      return difference(actual, expected, operator, full);
    case "notDeepStrictEqual":
    case "notStrictEqual":
      return sameness(actual, operator, full);
    default:
      return looseDifference(actual, expected, String(operator), full);
  }
}

module.exports = { generateMessage };
