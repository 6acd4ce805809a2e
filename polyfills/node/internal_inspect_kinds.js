"use strict";
// util.inspect, what an object is made of. describe() answers with the whole text if nothing has to go between braces, else with
// a shape: { base, open, close, kind, keys, format, tag }, where `format` prints the entries that are no properties.

const {
  ArrayIsArray,
  ArrayPrototypeSort,
  ArrayPrototypeUnshift,
  ArrayPrototypeSplice,
  BigIntPrototypeValueOf,
  BooleanPrototypeValueOf,
  DatePrototypeGetTime,
  DatePrototypeToISOString,
  DatePrototypeToString,
  FunctionPrototypeToString,
  MapIteratorPrototypeNext,
  MapPrototypeEntries,
  MapPrototypeGetSize,
  MathMax,
  MathMin,
  NumberIsNaN,
  NumberPrototypeToString,
  NumberPrototypeValueOf,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectKeys,
  RegExp,
  RegExpPrototypeExec,
  RegExpPrototypeToString,
  SetIteratorPrototypeNext,
  SetPrototypeGetSize,
  SetPrototypeValues,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeLastIndexOf,
  StringPrototypePadStart,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
  StringPrototypeValueOf,
  SymbolIterator,
  SymbolPrototypeValueOf,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeGetSymbolToStringTag,
  Uint8Array,
} = primordials;
const { errorText } = require("node/internal_inspect_error");
const { kProperties, kElement, kElements, layOut } = require("node/internal_inspect_layout");
const { isError, keysOf, plainPrefix, prefixOf } = require("node/internal_inspect_names");
const { isPlatformClass } = require("node/internal_inspect_platform");
const { bigintText, numberText } = require("node/internal_inspect_text");

function shapeOf(tag, open, close, kind, keys, format) {
  return { __proto__: null, tag, base: "", open, close, kind, keys, format };
}

/**
 * @param {Inspector} ctx
 * @param {object} value
 * @param {string | null} constructor its name
 * @param {string} tag Symbol.toStringTag or ""
 * @param {boolean} inBuffer the value is the buffer of a typed array
 * @param {boolean} inherited there are inherited properties to print
 */
function describe(ctx, value, constructor, tag, level, inBuffer, inherited) {
  const kind = ops.op_value_kind(value);
  if (constructor === null || SymbolIterator in value) {
    const shape = describeIterable(ctx, value, constructor, tag, kind, inherited);
    if (shape !== undefined) return shape;
  }
  const keys = keysOf(value, ctx.showHidden);
  const bare = () => keys.length === 0 && !inherited;
  if (constructor === "Object") {
    let open = "{";
    if (kind === "Arguments") open = "[Arguments] {";
    else if (tag !== "") open = `${prefixOf(constructor, tag, "Object")}{`;
    return bare() ? `${open}}` : shapeOf(tag, open, "}", kProperties, keys, undefined);
  }
  const shape = shapeOf(tag, "{", "}", kProperties, keys, undefined);
  if (typeof value === "function") {
    shape.base = functionBase(ctx, value, constructor, tag, kind);
    return bare() ? ctx.stylize(shape.base, "special") : shape;
  }
  switch (kind) {
    case "RegExp":
      shape.base = regExpBase(value, constructor, tag);
      return bare() || ctx.tooDeep(level) ? ctx.stylize(shape.base, "regexp") : shape;
    case "Date":
      shape.base = dateBase(value, constructor, tag);
      return bare() ? ctx.stylize(shape.base, "date") : shape;
    case "ArrayBuffer":
    case "SharedArrayBuffer":
      return describeBuffer(ctx, shape, value, constructor, kind, inBuffer, bare());
    case "DataView":
      ArrayPrototypeUnshift(keys, "byteLength", "byteOffset", "buffer");
      break;
    case "Promise":
      shape.format = formatPromise;
      break;
    case "WeakSet":
      shape.format = ctx.showHidden ? formatWeakSet : formatUnknown;
      break;
    case "WeakMap":
      shape.format = ctx.showHidden ? formatWeakMap : formatUnknown;
      break;
    case "ModuleNamespace":
      shape.open = `${prefixOf(constructor, tag, "Module")}{`;
      shape.format = formatNamespace;
      return shape;
    case "NumberObject":
    case "StringObject":
    case "BooleanObject":
    case "BigIntObject":
    case "SymbolObject":
      shape.base = boxedBase(ctx, value, keys, constructor, tag, kind);
      return bare() ? shape.base : shape;
    default:
      if (isError(value)) {
        shape.base = errorText(ctx, value, constructor, tag, keys);
        return bare() ? shape.base : shape;
      }
      shape.open = `${plainPrefix(value, constructor, tag)}{`;
      return bare() ? `${shape.open}}` : shape;
  }
  shape.open = `${prefixOf(constructor, tag, kind)}{`;
  return shape;
}

function describeIterable(ctx, value, constructor, tag, kind, inherited) {
  if (ArrayIsArray(value)) {
    const open = constructor === "Array" && tag === "" ? "[" : `${prefixOf(constructor, tag, "Array", `(${value.length})`)}[`;
    const keys = ops.op_own_non_index_properties(value, !ctx.showHidden);
    if (value.length === 0 && keys.length === 0 && !inherited) return `${open}]`;
    return shapeOf(tag, open, "]", kElements, keys, formatArray);
  }
  switch (kind) {
    case "Set":
    case "Map": {
      const size = kind === "Set" ? SetPrototypeGetSize(value) : MapPrototypeGetSize(value);
      const prefix = prefixOf(constructor, tag, kind, `(${size})`);
      const keys = keysOf(value, ctx.showHidden);
      if (size === 0 && keys.length === 0 && !inherited) return `${prefix}{}`;
      return shapeOf(tag, `${prefix}{`, "}", kProperties, keys, kind === "Set" ? formatSet : formatMap);
    }
    case "TypedArray": {
      const keys = ops.op_own_non_index_properties(value, !ctx.showHidden);
      const size = TypedArrayPrototypeGetLength(value);
      const fallback = constructor === null ? TypedArrayPrototypeGetSymbolToStringTag(value) : "";
      const open = `${prefixOf(constructor, tag, fallback, `(${size})`)}[`;
      if (size === 0 && keys.length === 0 && !ctx.showHidden) return `${open}]`;
      return shapeOf(tag, open, "]", kElements, keys, formatTypedArray);
    }
    case "MapIterator":
      return shapeOf(tag, iteratorOpen("Map", tag), "}", kProperties, keysOf(value, ctx.showHidden), formatIterator);
    case "SetIterator":
      return shapeOf(tag, iteratorOpen("Set", tag), "}", kProperties, keysOf(value, ctx.showHidden), formatIterator);
    default:
      return undefined;
  }
}

function iteratorOpen(type, tag) {
  const own = `${type} Iterator`;
  return tag === own || tag === "" ? `[${own}] {` : `[${tag}] [${own}] {`;
}

function describeBuffer(ctx, shape, value, constructor, kind, inBuffer, bare) {
  const prefix = prefixOf(constructor, shape.tag, kind);
  if (!inBuffer) shape.format = formatBuffer;
  else if (bare) return `${prefix}{ byteLength: ${ctx.stylize(`${value.byteLength}`, "number")} }`;
  shape.open = `${prefix}{`;
  ArrayPrototypeUnshift(shape.keys, "byteLength");
  return shape;
}

// What stands for the value itself.

// A class: its source has a body after a head in which parentheses occur in comments or the heritage only.
const kClassHead = /^(\s+[^(]*?)\s*{/;
const kComment = /\/\/.*?\n|\/\*[^]*?\*\//g;

function isClass(value) {
  const source = FunctionPrototypeToString(value);
  if (!StringPrototypeStartsWith(source, "class") || !StringPrototypeEndsWith(source, "}")) return false;
  const rest = StringPrototypeSlice(source, 5, -1);
  const brace = StringPrototypeIndexOf(rest, "{");
  if (brace === -1) return false;
  if (!StringPrototypeIncludes(StringPrototypeSlice(rest, 0, brace), "(")) return true;
  return RegExpPrototypeExec(kClassHead, withoutComments(rest)) !== null;
}

function withoutComments(source) {
  let result = "";
  let start = 0;
  kComment.lastIndex = 0;
  for (let match; (match = RegExpPrototypeExec(kComment, source)) !== null; start = kComment.lastIndex) {
    result += StringPrototypeSlice(source, start, match.index);
  }
  return result + StringPrototypeSlice(source, start);
}

function classBase(value, constructor, tag) {
  const name = (ObjectHasOwn(value, "name") && value.name) || "(anonymous)";
  let base = `class ${name}`;
  if (constructor !== "Function" && constructor !== null) base += ` [${constructor}]`;
  if (tag !== "" && constructor !== tag) base += ` [${tag}]`;
  if (constructor === null) return `[${base} extends [null prototype]]`;
  const parent = ObjectGetPrototypeOf(value).name;
  return parent ? `[${base} extends ${parent}]` : `[${base}]`;
}

const kFunctionTypes = {
  __proto__: null,
  AsyncFunction: "AsyncFunction",
  AsyncGeneratorFunction: "AsyncGeneratorFunction",
  GeneratorFunction: "GeneratorFunction",
};

function functionBase(ctx, value, constructor, tag, kind) {
  if (!isPlatformClass(value) && isClass(value)) return classBase(value, constructor, tag);
  const type = kFunctionTypes[kind] ?? "Function";
  let base = `[${type}`;
  if (constructor === null) base += " (null prototype)";
  const { name } = value;
  if (name === "") base += " (anonymous)]";
  else base += `: ${typeof name === "string" ? name : ctx.value(name, NaN)}]`;
  if (constructor !== type && constructor !== null) base += ` ${constructor}`;
  if (tag !== "" && constructor !== tag) base += ` [${tag}]`;
  return base;
}

function regExpBase(value, constructor, tag) {
  const text = RegExpPrototypeToString(constructor !== null ? value : new RegExp(value));
  const prefix = prefixOf(constructor, tag, "RegExp");
  return prefix === "RegExp " ? text : prefix + text;
}

function dateBase(value, constructor, tag) {
  const text = NumberIsNaN(DatePrototypeGetTime(value)) ? DatePrototypeToString(value) : DatePrototypeToISOString(value);
  const prefix = prefixOf(constructor, tag, "Date");
  return prefix === "Date " ? text : prefix + text;
}

const kUnbox = {
  __proto__: null,
  NumberObject: NumberPrototypeValueOf,
  StringObject: StringPrototypeValueOf,
  BooleanObject: BooleanPrototypeValueOf,
  BigIntObject: BigIntPrototypeValueOf,
  SymbolObject: SymbolPrototypeValueOf,
};
const plain = (text) => text;

function boxedBase(ctx, value, keys, constructor, tag, kind) {
  const type = StringPrototypeSlice(kind, 0, -6);
  const primitive = kUnbox[kind](value);
  // The characters of a String are keys too.
  if (type === "String") ArrayPrototypeSplice(keys, 0, primitive.length);
  let base = `[${type}`;
  if (constructor === null) base += " (null prototype)";
  else if (type !== constructor) base += ` (${constructor})`;
  base += `: ${ctx.primitive(primitive, plain)}]`;
  if (tag !== "" && tag !== constructor) base += ` [${tag}]`;
  return keys.length !== 0 ? base : ctx.stylize(base, StringPrototypeToLowerCase(type));
}

// Entries.

function moreItems(count) {
  return `... ${count} more item${count > 1 ? "s" : ""}`;
}

function emptyItems(ctx, count) {
  return ctx.stylize(`<${count} empty item${count > 1 ? "s" : ""}>`, "undefined");
}

function shownOf(ctx, length) {
  return MathMin(MathMax(0, ctx.maxArrayLength), length);
}

function formatArray(ctx, value, level) {
  const { length } = value;
  const shown = shownOf(ctx, length);
  const output = [];
  for (let i = 0; i < shown; i++) {
    if (!ObjectHasOwn(value, i)) return formatSparse(ctx, value, level, shown, output, i);
    output[i] = ctx.property(value, level, i, kElement);
  }
  if (length > shown) output[shown] = moreItems(length - shown);
  return output;
}

const kIndex = /^(0|[1-9][0-9]*)$/;

// From the first hole on: runs of holes count as one entry.
function formatSparse(ctx, value, level, shown, output, i) {
  const keys = ObjectKeys(value);
  let index = i;
  for (; i < keys.length && output.length < shown; i++) {
    const key = keys[i];
    const next = +key;
    if (next > 4294967294 || RegExpPrototypeExec(kIndex, key) === null) break;
    if (next !== index) {
      output[output.length] = emptyItems(ctx, next - index);
      index = next;
      if (output.length === shown) break;
    }
    output[output.length] = ctx.property(value, level, key, kElement);
    index++;
  }
  const rest = value.length - index;
  if (rest > 0) output[output.length] = output.length === shown ? moreItems(rest) : emptyItems(ctx, rest);
  return output;
}

const kHiddenOfTypedArray = ["BYTES_PER_ELEMENT", "length", "byteLength", "byteOffset", "buffer"];

function formatTypedArray(ctx, value, level) {
  const length = TypedArrayPrototypeGetLength(value);
  const shown = shownOf(ctx, length);
  // As Node decides it: by a length that may not be that of the array.
  const big = !(value.length > 0 && typeof value[0] === "number");
  const separate = ctx.numericSeparator;
  const output = [];
  for (let i = 0; i < shown; i++) {
    output[i] = big ? ctx.stylize(bigintText(value[i], separate), "bigint") : ctx.stylize(numberText(value[i], separate), "number");
  }
  if (length > shown) output[shown] = moreItems(length - shown);
  if (!ctx.showHidden) return output;
  ctx.indent += 2;
  const byteLength = TypedArrayPrototypeGetByteLength(value);
  const perElement = length > 0 ? byteLength / length : value.BYTES_PER_ELEMENT;
  const values = [perElement, length, byteLength, TypedArrayPrototypeGetByteOffset(value), TypedArrayPrototypeGetBuffer(value)];
  for (let i = 0; i < values.length; i++) output[output.length] = `[${kHiddenOfTypedArray[i]}]: ${ctx.value(values[i], level, true)}`;
  ctx.indent -= 2;
  return output;
}

function formatBuffer(ctx, value) {
  let bytes;
  try {
    bytes = new Uint8Array(value);
  } catch {
    return [ctx.stylize("(detached)", "special")];
  }
  const length = TypedArrayPrototypeGetLength(bytes);
  const shown = shownOf(ctx, length);
  let text = "";
  for (let i = 0; i < shown; i++) text += (i === 0 ? "" : " ") + StringPrototypePadStart(NumberPrototypeToString(bytes[i], 16), 2, "0");
  if (length > shown) text += ` ... ${length - shown} more byte${length - shown > 1 ? "s" : ""}`;
  return [`${ctx.stylize("[Uint8Contents]", "special")}: <${text}>`];
}

function formatSet(ctx, value, level) {
  const size = SetPrototypeGetSize(value);
  const shown = shownOf(ctx, size);
  const iterator = SetPrototypeValues(value);
  const output = [];
  ctx.indent += 2;
  for (let i = 0, step; i < shown && !(step = SetIteratorPrototypeNext(iterator)).done; i++) output[i] = ctx.value(step.value, level);
  ctx.indent -= 2;
  if (size > shown) output[output.length] = moreItems(size - shown);
  return output;
}

function formatMap(ctx, value, level) {
  const size = MapPrototypeGetSize(value);
  const shown = shownOf(ctx, size);
  const iterator = MapPrototypeEntries(value);
  const output = [];
  ctx.indent += 2;
  for (let i = 0, step; i < shown && !(step = MapIteratorPrototypeNext(iterator)).done; i++) {
    output[i] = `${ctx.value(step.value[0], level)} => ${ctx.value(step.value[1], level)}`;
  }
  ctx.indent -= 2;
  if (size > shown) output[output.length] = moreItems(size - shown);
  return output;
}

function formatIterator(ctx, value, level, shape) {
  const { 0: entries, 1: isKeyValue } = ops.op_preview_entries(value);
  if (!isKeyValue) return formatItems(ctx, entries, level);
  shape.open = `${StringPrototypeSlice(shape.open, 0, StringPrototypeLastIndexOf(shape.open, " Iterator]"))} Entries] {`;
  return formatPairs(ctx, entries, level, (key, item) => layOut(ctx, [key, item], "", "[", "]", kElements, level));
}

function formatItems(ctx, entries, level) {
  const shown = shownOf(ctx, entries.length);
  const output = [];
  ctx.indent += 2;
  for (let i = 0; i < shown; i++) output[i] = ctx.value(entries[i], level);
  ctx.indent -= 2;
  if (entries.length > shown) output[shown] = moreItems(entries.length - shown);
  return output;
}

// `entries` is key, value, key, value...
function formatPairs(ctx, entries, level, join) {
  const count = entries.length / 2;
  const shown = shownOf(ctx, count);
  const output = [];
  ctx.indent += 2;
  for (let i = 0; i < shown; i++) output[i] = join(ctx.value(entries[2 * i], level), ctx.value(entries[2 * i + 1], level));
  ctx.indent -= 2;
  if (count > shown) output[shown] = moreItems(count - shown);
  return output;
}

// The order of a weak collection means nothing, so its entries are sorted.
function sortShown(ctx, output, shown) {
  if (ctx.sorted) return output;
  const more = output.length > shown ? output[shown] : undefined;
  if (more !== undefined) output.length = shown;
  ArrayPrototypeSort(output);
  if (more !== undefined) output[shown] = more;
  return output;
}

function formatUnknown(ctx) {
  return [ctx.stylize("<items unknown>", "special")];
}

function formatWeakSet(ctx, value, level) {
  const entries = ops.op_preview_entries(value)[0];
  return sortShown(ctx, formatItems(ctx, entries, level), shownOf(ctx, entries.length));
}

function formatWeakMap(ctx, value, level) {
  const entries = ops.op_preview_entries(value)[0];
  return sortShown(
    ctx,
    formatPairs(ctx, entries, level, (key, item) => `${key} => ${item}`),
    shownOf(ctx, entries.length / 2),
  );
}

function formatPromise(ctx, value, level) {
  const { 0: state, 1: result } = ops.op_promise_details(value);
  if (state === 0) return [ctx.stylize("<pending>", "special")];
  ctx.indent += 2;
  const text = ctx.value(result, level);
  ctx.indent -= 2;
  return [state === 2 ? `${ctx.stylize("<rejected>", "special")} ${text}` : text];
}

function formatNamespace(ctx, value, level, shape) {
  const { keys } = shape;
  const output = [];
  for (let i = 0; i < keys.length; i++) {
    try {
      output[i] = ctx.property(value, level, keys[i], kProperties);
    } catch (error) {
      if (error?.name !== "ReferenceError") throw error;
      output[i] = `${ctx.keyText(keys[i])}: ${ctx.stylize("<uninitialized>", "special")}`;
    }
  }
  shape.keys = []; // they are printed
  return output;
}

module.exports = { describe };
