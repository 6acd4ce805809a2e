"use strict";
// The console namespace, https://console.spec.whatwg.org/
// Values are printed as util.inspect prints them; the texts about counters and timers are those of V8's inspector.

const {
  ArrayIsArray,
  ErrorCaptureStackTrace,
  Map,
  MapPrototypeDelete,
  MapPrototypeGet,
  MapPrototypeHas,
  MapPrototypeSet,
  ObjectDefineProperty,
  ObjectSetPrototypeOf,
  ReflectApply,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  SymbolToStringTag,
} = primordials;
const { toDOMString } = require("core/webidl");
const { send } = require("core/ops");
const { state } = require("core/worker");

let indentation = "";
const counters = new Map();
const timers = new Map();

function format(args) {
  if (args.length === 0) return "";
  if (args.length === 1 && typeof args[0] === "string") return args[0];
  try {
    return ReflectApply(require("node/internal_inspect").format, undefined, args);
  } catch {
    // An accessor of what is shown has thrown; whoever logs is not told.
    return formatEach(args);
  }
}

/** The arguments that can be shown. */
function formatEach(args) {
  const { inspect } = require("node/internal_inspect");
  let text = "";
  for (let i = 0; i < args.length; i++) {
    let shown;
    try {
      shown = typeof args[i] === "string" ? args[i] : inspect(args[i]);
    } catch {
      shown = "[object]";
    }
    text += i === 0 ? shown : ` ${shown}`;
  }
  return text;
}

// https://console.spec.whatwg.org/#printer
function print(level, text) {
  if (indentation !== "") {
    const lines = StringPrototypeSplit(text, "\n");
    text = "";
    for (let i = 0; i < lines.length; i++) text += `${i === 0 ? "" : "\n"}${indentation}${lines[i]}`;
  }
  send(ops.op_console, level, text);
}

/** Prints a message, and keeps it for the tails of the worker if there are some. */
function record(level, data) {
  if (state.tails) require("cloudflare/trace").log(level, data);
  print(level, format(data));
}

function labelOf(args) {
  return args.length === 0 || args[0] === undefined ? "default" : toDOMString(args[0]);
}

function elapsed(label) {
  return `${label}: ${ops.op_now() - MapPrototypeGet(timers, label)} ms`;
}

/** The lines of the caller's stack, below `hidden`. */
function callers(hidden) {
  const holder = {};
  ErrorCaptureStackTrace(holder, hidden);
  const { stack } = holder;
  const start = typeof stack === "string" ? StringPrototypeIndexOf(stack, "\n") : -1;
  return start < 0 ? "" : StringPrototypeSlice(stack, start);
}

function group(args) {
  if (args.length !== 0) print("log", format(args));
  indentation += "  ";
}

// Methods of a literal: they are no constructors. Their length is 0, as that of all platform functions.
const console = {
  debug(...data) {
    record("debug", data);
  },

  error(...data) {
    record("error", data);
  },

  info(...data) {
    record("info", data);
  },

  log(...data) {
    record("log", data);
  },

  warn(...data) {
    record("warn", data);
  },

  dir(...args) {
    const { inspect } = require("node/internal_inspect");
    print("log", inspect(args[0], { customInspect: false, ...args[1] }));
  },

  dirxml(...data) {
    print("log", format(data));
  },

  table(...args) {
    const { tableOf } = require("web/console_table");
    const table = tableOf(args[0], ArrayIsArray(args[1]) ? args[1] : undefined);
    print("log", table === undefined ? format([args[0]]) : table);
  },

  trace(...data) {
    const text = format(data);
    print("log", `${text === "" ? "Trace" : `Trace: ${text}`}${callers(console.trace)}`);
  },

  group(...data) {
    group(data);
  },

  groupCollapsed(...data) {
    group(data);
  },

  groupEnd() {
    indentation = StringPrototypeSlice(indentation, 2);
  },

  clear() {
    indentation = "";
  },

  count(...args) {
    const label = labelOf(args);
    const count = (MapPrototypeGet(counters, label) ?? 0) + 1;
    MapPrototypeSet(counters, label, count);
    print("log", `${label}: ${count}`);
  },

  countReset(...args) {
    const label = labelOf(args);
    if (MapPrototypeHas(counters, label)) MapPrototypeSet(counters, label, 0);
    else print("warn", `Count for '${label}' does not exist`);
  },

  assert(...args) {
    if (args.length !== 0 && args[0]) return;
    const data = [];
    for (let i = 1; i < args.length; i++) data[i - 1] = args[i];
    if (data.length === 0) print("error", "Assertion failed");
    else if (typeof data[0] === "string") print("error", `Assertion failed: ${format(data)}`);
    else print("error", format(["Assertion failed:", ...data]));
  },

  // There is no profiler: profiles and time stamps are heard by nobody.
  profile() {},

  profileEnd() {},

  time(...args) {
    const label = labelOf(args);
    if (MapPrototypeHas(timers, label)) print("warn", `Timer '${label}' already exists`);
    else MapPrototypeSet(timers, label, ops.op_now());
  },

  timeLog(...args) {
    const label = labelOf(args);
    if (!MapPrototypeHas(timers, label)) {
      print("warn", `Timer '${label}' does not exist`);
      return;
    }
    args[0] = elapsed(label);
    print("log", StringPrototypeIncludes(label, "%") ? format(["%s", ...args]) : format(args));
  },

  timeEnd(...args) {
    const label = labelOf(args);
    if (!MapPrototypeHas(timers, label)) {
      print("warn", `Timer '${label}' does not exist`);
      return;
    }
    print("log", elapsed(label));
    MapPrototypeDelete(timers, label);
  },

  timeStamp() {},

  /** Another console, of the same process; its name goes nowhere. Its length is the engine's. */
  context(name) {
    return { ...members };
  },
};
const members = { ...console };
delete members.context;

// https://webidl.spec.whatwg.org/#create-a-namespace-object; the object between it and Object.prototype is the standard's.
ObjectSetPrototypeOf(console, {});
ObjectDefineProperty(console, SymbolToStringTag, { __proto__: null, value: "console", writable: false, enumerable: false, configurable: true });

module.exports = { console };
