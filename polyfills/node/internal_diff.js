"use strict";
// The shortest edit script between two lists, for assert and util.diff. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986).

const { ArrayPrototypePush, ArrayPrototypeReverse, Int32Array, StringPrototypeEndsWith, TypedArrayPrototypeSlice } = primordials;

// Operations of an edit: in both lists, in the actual one only, in the expected one only.
const kSame = 0;
const kActual = 1;
const kExpected = -1;

function sameItem(a, b) {
  return a === b;
}

function sameButForComma(a, b) {
  return a === b || `${a},` === b || a === `${b},`;
}

/**
 * @param {ArrayLike<string>} actual
 * @param {ArrayLike<string>} expected
 * @param {boolean} [ignoreCommas] lines that differ in a comma at their end are the same
 * @returns {[number, string][]} [operation, item], in the order of the lists
 */
function diff(actual, expected, ignoreCommas = false) {
  const same = ignoreCommas ? sameButForComma : sameItem;
  const most = actual.length + expected.length;
  // How far each diagonal (index in `actual` minus index in `expected`) has come.
  const reached = new Int32Array(2 * most + 2);
  const trace = [];
  for (let edits = 0; edits <= most; edits++) {
    ArrayPrototypePush(trace, TypedArrayPrototypeSlice(reached));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = diagonal + most;
      let x = comesDown(reached, diagonal, edits, most) ? reached[at + 1] : reached[at - 1] + 1;
      let y = x - diagonal;
      while (x < actual.length && y < expected.length && same(actual[x], expected[y])) {
        x++;
        y++;
      }
      reached[at] = x;
      if (x >= actual.length && y >= expected.length) return backtrack(trace, actual, expected, ignoreCommas, most);
    }
  }
  return [];
}

// True if the best way to `diagonal` drops an item of the expected list.
function comesDown(reached, diagonal, edits, most) {
  const at = diagonal + most;
  return diagonal === -edits || (diagonal !== edits && reached[at - 1] < reached[at + 1]);
}

function backtrack(trace, actual, expected, ignoreCommas, most) {
  const result = [];
  let x = actual.length;
  let y = expected.length;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reached = trace[edits];
    const diagonal = x - y;
    const from = comesDown(reached, diagonal, edits, most) ? diagonal + 1 : diagonal - 1;
    const previousX = edits === 0 ? 0 : reached[from + most];
    const previousY = edits === 0 ? 0 : previousX - from;
    while (x > previousX && y > previousY) {
      const item = !ignoreCommas || StringPrototypeEndsWith(actual[x - 1], ",") ? actual[x - 1] : expected[y - 1];
      ArrayPrototypePush(result, [kSame, item]);
      x--;
      y--;
    }
    if (edits === 0) break;
    if (x > previousX) ArrayPrototypePush(result, [kActual, actual[--x]]);
    else ArrayPrototypePush(result, [kExpected, expected[--y]]);
  }
  return ArrayPrototypeReverse(result);
}

module.exports = { kSame, kActual, kExpected, diff };
