"use strict";
// What a worker that has tails records of itself: console calls and exceptions, as JSON text, which is how they are kept until the
// event has ended. Nothing of this file runs in a worker without tails.

const { ArrayIsArray, Error, JSONStringify, MathTrunc, Object, ObjectGetPrototypeOf, String, StringPrototypeSlice, StringPrototypeStartsWith } = primordials;
const context = require("core/context");
const { isObject } = require("core/webidl");

const ObjectPrototype = Object.prototype;

/** The length of a text as the limit on records counts it. */
function size(text) {
  return text === undefined ? 0 : ops.op_utf8_length(text);
}

/** Whether the JSON of a value, instead of its text, is what is recorded. */
function hasJSON(value) {
  if (typeof value !== "function" && typeof value !== "object") return typeof value !== "bigint" && typeof value !== "symbol";
  if (value === null || typeof value.toJSON === "function" || ArrayIsArray(value) || ops.op_proxy_details(value) !== undefined) return true;
  if (typeof value === "function") return false;
  const proto = ObjectGetPrototypeOf(value);
  return proto === ObjectPrototype || proto === null;
}

/** JSON of one argument; {} for what has none. */
function argument(value) {
  try {
    return JSONStringify(hasJSON(value) ? value : `${value}`) ?? "null";
  } catch {
    return "{}";
  }
}

function isNativeError(value) {
  return isObject(value) && ops.op_value_kind(value) === "NativeError";
}

/** The frames of a stack: without the "Name: message" above them, as far as that is there; undefined for nothing. */
function framesOf(error, stack, name, message) {
  let at = headOf(stack, name);
  if (at === 0) at = headOf(stack, text(ObjectGetPrototypeOf(error)?.name));
  if (StringPrototypeStartsWith(stack, message, at)) {
    at += message.length;
    if (stack[at] === "\n") at++;
  }
  return at === stack.length ? undefined : StringPrototypeSlice(stack, at);
}

function headOf(stack, name) {
  if (name === undefined || name === "" || !StringPrototypeStartsWith(stack, name)) return 0;
  return StringPrototypeStartsWith(stack, ": ", name.length) ? name.length + 2 : name.length;
}

function text(value) {
  return value === undefined ? undefined : String(value);
}

/** Name, message and stack of an error that was logged. */
function describe(error) {
  const name = text(error.name) ?? "Error";
  const message = text(error.message) ?? "";
  const stack = text(error.stack);
  return { __proto__: null, name, message, stack: stack === undefined ? undefined : framesOf(error, stack, name, message) };
}

/** What is known of the errors among the arguments; undefined if there are none that can be looked at. */
function errorsOf(args) {
  let list;
  for (let i = 0; i < args.length; i++) {
    if (!isNativeError(args[i])) continue;
    let shown;
    try {
      shown = describe(args[i]);
    } catch {
      continue;
    }
    if (list === undefined) list = [];
    while (list.length < i) list[list.length] = null;
    list[i] = shown;
  }
  while (list !== undefined && list.length < args.length) list[list.length] = null;
  return list;
}

/** Records a console call of the event in force; what is logged while modules are evaluated belongs to none. */
function log(level, args) {
  const ctx = context.current();
  if (ctx === undefined) return;
  let message = "[";
  for (let i = 0; i < args.length; i++) message += i === 0 ? argument(args[i]) : `,${argument(args[i])}`;
  message += "]";
  const errors = errorsOf(args);
  let length = size(message);
  let record = "{";
  if (errors !== undefined) {
    for (let i = 0; i < errors.length; i++) if (errors[i] !== null) length += size(errors[i].name) + size(errors[i].message) + size(errors[i].stack);
    record = `{"errorInfo":${JSONStringify(errors)},`;
  }
  ops.op_trace_log(ctx.id, `${record}"message":${message},"level":"${level}","timestamp":${MathTrunc(ops.op_now())}}`, length);
}

/** Name, message and stack of what was thrown, whatever it is. */
function describeThrown(value) {
  if (!isObject(value)) return { __proto__: null, name: "Error", message: String(value), stack: undefined };
  const { name, message, stack } = value;
  if (typeof message !== "string" && !isNativeError(value)) return { __proto__: null, name: "Error", message: require("cloudflare/rpc_codec").displayText(value), stack: undefined };
  const shown = typeof message === "string" ? message : "";
  const title = typeof name === "string" ? name : "Error";
  const isPlatforms = require("web/dom_exception").internals.isDOMException(value); // its stack is not recorded
  return { __proto__: null, name: title, message: shown, stack: typeof stack === "string" && !isPlatforms ? framesOf(value, stack, title, shown) : undefined };
}

/** Records an exception of `ctx`, or of the event in force. */
function exception(error, ctx = context.current()) {
  if (ctx === undefined) return;
  let shown;
  try {
    shown = describeThrown(error);
  } catch {
    shown = { __proto__: null, name: "Error", message: "", stack: undefined };
  }
  const record = JSONStringify({ __proto__: null, stack: shown.stack, name: shown.name, message: shown.message, timestamp: MathTrunc(ops.op_now()) });
  ops.op_trace_exception(ctx.id, record, size(shown.stack) + size(shown.name) + size(shown.message));
}

module.exports = { log, exception };
