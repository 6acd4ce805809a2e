"use strict";
// util.inspect, errors: the stack, with the class's real name in its first line and without the frames that its cause has too.

const {
  ArrayIsArray,
  ArrayPrototypeIncludes,
  ArrayPrototypeIndexOf,
  ArrayPrototypeJoin,
  ArrayPrototypeSplice,
  ErrorPrototypeToString,
  MathMin,
  RegExpPrototypeExec,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
} = primordials;
const { isError, prefixOf } = require("node/internal_inspect_names");
const { indentLines } = require("node/internal_inspect_text");

function stackOf(ctx, error) {
  const { stack } = error;
  if (!stack) return ErrorPrototypeToString(error);
  return typeof stack === "string" ? stack : ctx.value(stack, NaN);
}

// The first run of more than three frames of `frames` that also stand, in this order, in `others`.
function sharedRun(frames, others) {
  for (let i = 0; i < frames.length - 3; i++) {
    const at = ArrayPrototypeIndexOf(others, frames[i]);
    if (at === -1 || others.length - at <= 3) continue;
    const most = MathMin(frames.length - i, others.length - at);
    let length = 1;
    while (length < most && frames[i + length] === others[at + length]) length++;
    if (length > 3) return { start: i, length };
  }
  return undefined;
}

function framesOf(ctx, error, text) {
  const frames = StringPrototypeSplit(text, "\n");
  let cause;
  try {
    cause = error.cause;
  } catch {
    return frames; // a getter that throws
  }
  if (cause === null || cause === undefined || !isError(cause)) return frames;
  const stack = stackOf(ctx, cause);
  const start = StringPrototypeIndexOf(stack, "\n    at");
  if (start === -1) return frames;
  const run = sharedRun(frames, StringPrototypeSplit(StringPrototypeSlice(stack, start + 1), "\n"));
  if (run !== undefined) {
    const skipped = run.length - 2;
    ArrayPrototypeSplice(frames, run.start + 1, skipped, ctx.stylize(`    ... ${skipped} lines matching cause stack trace ...`, "undefined"));
  }
  return frames;
}

const kNameBeforeColon = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/;
const kNameAlone = /^([a-z_A-Z0-9-]*Error)$/;

// Puts the class into the first line if the name there is not that of the class.
function nameClass(stack, constructor, name, tag) {
  if (typeof name !== "string") {
    const text = `${name}`;
    const at = StringPrototypeIndexOf(stack, text);
    if (at !== -1) {
      const end = at + text.length;
      const prefix = StringPrototypeSlice(prefixOf(constructor, tag, "Error"), 0, -1);
      stack = `${StringPrototypeSlice(stack, 0, end)} [${prefix}]${StringPrototypeSlice(stack, end)}`;
    }
  }
  let length = typeof name === "string" ? name.length : undefined;
  let fallback = "Error";
  if (constructor === null) {
    const match = RegExpPrototypeExec(kNameBeforeColon, stack) ?? RegExpPrototypeExec(kNameAlone, stack);
    fallback = match === null ? "" : match[1];
    length = fallback.length;
    fallback ||= "Error";
  } else if (!startsWithName(stack, name)) {
    return stack; // the stack may hold anything: leave it
  }
  const prefix = StringPrototypeSlice(prefixOf(constructor, tag, fallback), 0, -1);
  if (name === prefix) return stack;
  if (typeof name === "string" && StringPrototypeIncludes(prefix, name)) {
    return length === 0 ? `${prefix}: ${stack}` : prefix + StringPrototypeSlice(stack, length);
  }
  return `${prefix} [${name}]${StringPrototypeSlice(stack, length)}`;
}

function startsWithName(stack, name) {
  if (typeof name !== "string" || !StringPrototypeEndsWith(name, "Error") || !StringPrototypeStartsWith(stack, name)) return false;
  return stack.length === name.length || stack[name.length] === ":" || stack[name.length] === "\n";
}

// Own properties that the stack says already.
function removeShown(ctx, keys, error, stack) {
  if (ctx.showHidden || keys.length === 0) return;
  const names = ["name", "message", "stack"];
  for (let i = 0; i < names.length; i++) {
    const index = ArrayPrototypeIndexOf(keys, names[i]);
    if (index === -1) continue;
    const value = error[names[i]];
    if (typeof value !== "string" || StringPrototypeIncludes(stack, value)) ArrayPrototypeSplice(keys, index, 1);
  }
}

const kNodeModule = /[/\\]node_modules[/\\](.+?)(?=[/\\])/g;

function markNodeModules(ctx, line) {
  let result = "";
  let start = 0;
  kNodeModule.lastIndex = 0;
  for (let match; (match = RegExpPrototypeExec(kNodeModule, line)) !== null; ) {
    result += StringPrototypeSlice(line, start, match.index + 14) + ctx.stylize(match[1], "module");
    start = match.index + match[0].length;
  }
  return result + StringPrototypeSlice(line, start);
}

/**
 * The text of an error. Adds `cause` and `errors` to the keys that are to be printed, and removes what the text shows.
 * @param {string | null} constructor name of its class
 * @param {PropertyKey[]} keys
 */
function errorText(ctx, error, constructor, tag, keys) {
  const name = error.name ?? "Error";
  let stack = stackOf(ctx, error);
  removeShown(ctx, keys, error, stack);
  if ("cause" in error && !ArrayPrototypeIncludes(keys, "cause")) keys[keys.length] = "cause";
  if (ArrayIsArray(error.errors) && !ArrayPrototypeIncludes(keys, "errors")) keys[keys.length] = "errors";
  stack = nameClass(stack, constructor, name, tag);
  // Frames come after the message, which may look like frames itself.
  const { message } = error;
  let from = message ? StringPrototypeIndexOf(stack, message) : -1;
  from = from > 0 ? from + message.length : 0;
  const start = StringPrototypeIndexOf(stack, "\n    at", from);
  if (start === -1) return indentLines(`[${stack}]`, ctx.indent);
  const frames = framesOf(ctx, error, StringPrototypeSlice(stack, start + 1));
  if (ctx.colors) for (let i = 0; i < frames.length; i++) frames[i] = markNodeModules(ctx, frames[i]);
  return indentLines(`${StringPrototypeSlice(stack, 0, start)}\n${ArrayPrototypeJoin(frames, "\n")}`, ctx.indent);
}

module.exports = { errorText };
