"use strict";
// util.inspect, where lines break: one line if the entries are few and short, columns for long arrays, else one line per entry.
// `ctx` is the Inspector of node/internal_inspect; `indent` in it is the column at which the value starts.

const {
  ArrayPrototypeJoin,
  MathFloor,
  MathMax,
  MathMin,
  MathRound,
  MathSqrt,
  StringPrototypeIncludes,
  StringPrototypePadEnd,
  StringPrototypePadStart,
  StringPrototypeRepeat,
} = primordials;
const { stripColors, widthOf } = require("node/internal_inspect_text");

// What the entries of a value are: properties, bare array elements, or array elements that may be followed by properties.
const kProperties = 0;
const kElement = 1;
const kElements = 2;

const kSeparator = 2; // ", "

function fits(ctx, output, start, base) {
  // One for each comma; the caller has counted the spaces.
  let total = output.length + start;
  if (total + output.length > ctx.breakLength) return false;
  for (let i = 0; i < output.length; i++) {
    total += ctx.colors ? stripColors(output[i]).length : output[i].length;
    if (total > ctx.breakLength) return false;
  }
  return base === "" || !StringPrototypeIncludes(base, "\n");
}

// How many columns make the block about square, given that a character is 2.5 times as high as it is wide.
function columnsFor(ctx, count, entryLength, slotLength, totalLength) {
  const averageBias = MathSqrt(slotLength - totalLength / entryLength);
  const biased = MathMax(slotLength - 3 - averageBias, 1);
  const square = MathRound(MathSqrt(2.5 * biased * count) / biased);
  const widest = MathFloor((ctx.breakLength - ctx.indent) / slotLength);
  return MathMin(square, widest, ctx.compact * 4, 15);
}

function allNumbers(values, count) {
  if (values === undefined) return true;
  for (let i = 0; i < count; i++) {
    const type = typeof values[i];
    if (type !== "number" && type !== "bigint") return false;
  }
  return true;
}

function columnWidths(lengths, columns, count) {
  const widths = [];
  for (let column = 0; column < columns; column++) {
    let width = 0;
    for (let i = column; i < count; i += columns) if (lengths[i] > width) width = lengths[i];
    widths[column] = width + kSeparator;
  }
  return widths;
}

/** Sets the entries of an array in columns if that makes sense; numbers are right-aligned. */
function group(ctx, output, values) {
  const more = ctx.maxArrayLength < output.length; // the last entry is "... n more items"
  const count = more ? output.length - 1 : output.length;
  const lengths = [];
  let total = 0;
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const length = widthOf(output[i], ctx.colors);
    lengths[i] = length;
    total += length + kSeparator;
    if (longest < length) longest = length;
  }
  const slot = longest + kSeparator;
  // Three must fit side by side, and no entry may be much longer than the others.
  if (slot * 3 + ctx.indent >= ctx.breakLength || (total / slot <= 5 && longest > 6)) return output;
  const columns = columnsFor(ctx, count, output.length, slot, total);
  if (!(columns > 1)) return output;
  const widths = columnWidths(lengths, columns, count);
  const right = allNumbers(values, output.length);
  const lines = [];
  for (let i = 0; i < count; i += columns) {
    const end = MathMin(i + columns, count);
    lines[lines.length] = columnLine(output, lengths, widths, i, end, right);
  }
  if (more) lines[lines.length] = output[count];
  return lines;
}

function columnLine(output, lengths, widths, start, end, right) {
  let line = "";
  for (let i = start; i < end; i++) {
    const last = i === end - 1;
    // Colours take no columns, so they are added to what is padded.
    const width = widths[i - start] + output[i].length - lengths[i];
    if (!last) line += right ? StringPrototypePadStart(`${output[i]}, `, width, " ") : StringPrototypePadEnd(`${output[i]}, `, width, " ");
    else line += right ? StringPrototypePadStart(output[i], width - kSeparator, " ") : output[i];
  }
  return line;
}

/**
 * Puts entries between braces.
 * @param {string[]} output the entries
 * @param {string} base what stands before the braces, such as a function's name
 * @param {string} open such as "Map(1) {"
 * @param {string} close such as "}"
 * @param {number} kind kProperties or kElements
 * @param {number} level depth of the entries
 * @param {any} [values] the array whose elements the entries are
 */
function layOut(ctx, output, base, open, close, kind, level, values) {
  if (ctx.compact === true) return layOutCompact(ctx, output, base, open, close);
  const head = base === "" ? open : `${base} ${open}`;
  if (typeof ctx.compact === "number" && ctx.compact >= 1) {
    const entries = output.length;
    if (kind === kElements && entries > 6) output = group(ctx, output, values);
    // The innermost `compact` levels share a line, unless they were set in columns.
    if (ctx.currentDepth - level < ctx.compact && entries === output.length) {
      const start = output.length + ctx.indent + open.length + base.length + 10;
      if (fits(ctx, output, start, base)) {
        const joined = ArrayPrototypeJoin(output, ", ");
        if (!StringPrototypeIncludes(joined, "\n")) return `${head} ${joined} ${close}`;
      }
    }
  }
  const newline = `\n${StringPrototypeRepeat(" ", ctx.indent)}`;
  return `${head}${newline}  ${ArrayPrototypeJoin(output, `,${newline}  `)}${newline}${close}`;
}

function layOutCompact(ctx, output, base, open, close) {
  if (fits(ctx, output, 0, base)) {
    return `${open}${base === "" ? "" : ` ${base}`} ${ArrayPrototypeJoin(output, ", ")} ${close}`;
  }
  const newline = `\n${StringPrototypeRepeat(" ", ctx.indent)}  `;
  // After a longer opening the first entry goes to the next line, so that all line up.
  const gap = base === "" && open.length === 1 ? " " : `${base === "" ? "" : ` ${base}`}${newline}`;
  return `${open}${gap}${ArrayPrototypeJoin(output, `,${newline}`)} ${close}`;
}

module.exports = { kProperties, kElement, kElements, layOut };
