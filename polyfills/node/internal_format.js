"use strict";
// util.format: printf-like placeholders. https://nodejs.org/docs/latest-v22.x/api/util.html#utilformatformat-args
// and the Formatter of https://console.spec.whatwg.org/#formatter

const {
  JSONStringify,
  Number,
  NumberParseFloat,
  NumberParseInt,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectIs,
  String,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  Symbol,
} = primordials;
const { inspect, internals } = require("node/internal_inspect");
// Only objects and separated digits need these.
const getBuiltInObjects = require.lazy("node/internal_inspect_names", "builtInObjects");
const texts = require.lazy("node/internal_inspect_text");

const kCircular = "circular structure";

// %j: what cannot be serialised is the engine's error, cycles are named.
function json(value) {
  try {
    return JSONStringify(value);
  } catch (error) {
    if (typeof error?.message === "string" && StringPrototypeIncludes(error.message, kCircular)) return "[Circular]";
    throw error;
  }
}

// True if `toString` of the value is not its class's own.
function hasBuiltInToString(value) {
  for (let details; (details = ops.op_proxy_details(value)) !== undefined; value = details[0]) if (details[0] === null) return true;
  if (typeof value.toString !== "function") return true;
  if (ObjectHasOwn(value, "toString")) return false;
  let holder = value;
  do holder = ObjectGetPrototypeOf(holder);
  while (!ObjectHasOwn(holder, "toString"));
  const constructor = ObjectGetOwnPropertyDescriptor(holder, "constructor")?.value;
  return typeof constructor === "function" && getBuiltInObjects()[constructor.name] === true;
}

function printString(value, options) {
  switch (typeof value) {
    case "number":
      return numberText(value, options);
    case "bigint":
      return bigintText(value, options);
    case "object":
      if (value !== null && !hasBuiltInToString(value)) return String(value);
      return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
    default:
      return String(value);
  }
}

function separates(options) {
  return options?.numericSeparator ?? internals.defaultNumericSeparator();
}

function numberText(value, options) {
  if (separates(options)) return texts().numberText(value, true);
  return ObjectIs(value, -0) ? "-0" : `${value}`;
}

function bigintText(value, options) {
  return separates(options) ? texts().bigintText(value, true) : `${value}n`;
}

function printNumber(value, convert, options) {
  if (typeof value === "symbol") return "NaN";
  if (typeof value === "bigint" && convert !== NumberParseFloat) return bigintText(value, options);
  return numberText(convert(value), options);
}

const kNone = Symbol("none");

// The replacement for placeholder `%` + unit; kNone if it is no placeholder.
function replace(unit, value, options) {
  switch (unit) {
    case 115: // s
      return printString(value, options);
    case 106: // j
      return json(value);
    case 100: // d
      return printNumber(value, Number, options);
    case 79: // O
      return inspect(value, options);
    case 111: // o
      return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    case 105: // i
      return printNumber(value, NumberParseInt, options);
    case 102: // f
      return printNumber(value, NumberParseFloat, options);
    case 99: // c: CSS, which a terminal does not have
      return "";
    default:
      return kNone;
  }
}

/**
 * @param {object | undefined} options for inspect
 * @param {any[]} args the format, or the first value, and the values
 */
function formatArguments(options, args) {
  const format = args[0];
  let next = 0;
  let text = "";
  let join = "";
  if (typeof format === "string") {
    if (args.length === 1) return format;
    let start = 0;
    for (let i = 0; i < format.length - 1; i++) {
      if (StringPrototypeCharCodeAt(format, i) !== 37) continue;
      const unit = StringPrototypeCharCodeAt(format, ++i);
      if (next + 1 !== args.length) {
        const replacement = unit === 37 ? kNone : replace(unit, args[next + 1], options);
        if (replacement !== kNone) {
          text += StringPrototypeSlice(format, start, i - 1) + replacement;
          start = i + 1;
          next++;
          continue;
        }
      }
      if (unit === 37) {
        text += StringPrototypeSlice(format, start, i);
        start = i + 1;
      }
    }
    if (start !== 0) {
      next++;
      join = " ";
      if (start < format.length) text += StringPrototypeSlice(format, start);
    }
  }
  for (; next < args.length; next++) {
    const value = args[next];
    text += join + (typeof value === "string" ? value : inspect(value, options));
    join = " ";
  }
  return text;
}

module.exports = { formatArguments };
