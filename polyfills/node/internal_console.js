"use strict";
// The class Console: a console on streams. https://nodejs.org/docs/latest-v22.x/api/console.html#class-console

const {
  ArrayIsArray,
  Error,
  ErrorCaptureStackTrace,
  FunctionPrototypeBind,
  FunctionPrototypeSymbolHasInstance,
  Map,
  MapPrototypeDelete,
  MapPrototypeEntries,
  MapIteratorPrototypeNext,
  MapPrototypeGet,
  MapPrototypeHas,
  MapPrototypeSet,
  ObjectDefineProperty,
  ObjectKeys,
  ReflectApply,
  StringPrototypeIncludes,
  StringPrototypeRepeat,
  StringPrototypeReplaceAll,
  StringPrototypeSlice,
  Symbol,
  SymbolHasInstance,
  SymbolToStringTag,
  TypeError,
} = primordials;
const { defineError, ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
const { formatWithOptions, inspect } = require("node/internal_inspect");
const { emitWarning } = require("node/internal_process");
const { validateInteger, validateObject, validateOneOf } = require("node/internal_validators");

const ERR_CONSOLE_WRITABLE_STREAM = defineError(
  "ERR_CONSOLE_WRITABLE_STREAM",
  TypeError,
  (name) => `Console expects a writable stream instance for ${name}`,
);
const ERR_INCOMPATIBLE_OPTION_PAIR = defineError(
  "ERR_INCOMPATIBLE_OPTION_PAIR",
  Error,
  (a, b) => `The options "${a}" and "${b}" are mutually exclusive.`,
);

// The names are those that util.inspect shows.
const kCounts = Symbol("counts");
const kColorMode = Symbol("kColorMode");
const kIsConsole = Symbol("kIsConsole");
const kGroupIndentationWidth = Symbol("kGroupIndentWidth");
const kGroupIndentationString = Symbol("kGroupIndentationString");
const kInspectOptions = Symbol("kInspectOptions");
const kMaxIndentation = 1000;
const kSecond = 1000;
const kMinute = 60 * kSecond;
const kHour = 60 * kMinute;

function isWritable(stream) {
  return typeof stream?.write === "function";
}

// The inspect options of each stream.
function readInspectOptions(given, stdout, stderr, hasColorMode) {
  if (given === undefined) return undefined;
  validateObject(given, "options.inspectOptions");
  const result = new Map();
  if (FunctionPrototypeSymbolHasInstance(Map, given)) {
    const entries = MapPrototypeEntries(given);
    for (let step = MapIteratorPrototypeNext(entries); !step.done; step = MapIteratorPrototypeNext(entries)) {
      MapPrototypeSet(result, step.value[0], { ...step.value[1] });
    }
  } else {
    MapPrototypeSet(result, stdout, { ...given });
    MapPrototypeSet(result, stderr, { ...given });
  }
  const entries = MapPrototypeEntries(result);
  for (let step = MapIteratorPrototypeNext(entries); !step.done; step = MapIteratorPrototypeNext(entries)) {
    if (step.value[1].colors !== undefined && hasColorMode) throw new ERR_INCOMPATIBLE_OPTION_PAIR("options.inspectOptions.color", "colorMode");
  }
  return result;
}

function Console(options, ...rest) {
  if (new.target === undefined) return new Console(options, rest[0], rest[1]);
  const given = !options || typeof options.write === "function" ? { stdout: options, stderr: rest[0], ignoreErrors: rest[1] } : options;
  const { stdout, stderr = stdout, ignoreErrors = true, colorMode = "auto", inspectOptions, groupIndentation = 2 } = given;
  if (!isWritable(stdout)) throw new ERR_CONSOLE_WRITABLE_STREAM("stdout");
  if (!isWritable(stderr)) throw new ERR_CONSOLE_WRITABLE_STREAM("stderr");
  validateOneOf(colorMode, "colorMode", ["auto", true, false]);
  validateInteger(groupIndentation, "groupIndentation", 0, kMaxIndentation);
  const inspecting = readInspectOptions(inspectOptions, stdout, stderr, given.colorMode !== undefined);
  bindMethods(this);
  const define = (key, value) => ObjectDefineProperty(this, key, { __proto__: null, value, writable: true, configurable: true });
  define("_stdout", stdout);
  define("_stderr", stderr);
  define("_stdoutErrorHandler", onWriteError(this, "_stdout"));
  define("_stderrErrorHandler", onWriteError(this, "_stderr"));
  define("_ignoreErrors", Boolean(ignoreErrors));
  define("_times", new Map());
  define(kCounts, new Map());
  define(kColorMode, colorMode);
  define(kIsConsole, true);
  define(kGroupIndentationWidth, groupIndentation);
  define(kGroupIndentationString, "");
  define(kInspectOptions, inspecting);
  ObjectDefineProperty(this, SymbolToStringTag, { __proto__: null, value: "console", configurable: true });
  return undefined;
}

// Methods of the instance first, so that subclasses can replace them.
function bindMethods(console) {
  const names = ObjectKeys(Console.prototype);
  for (let i = 0; i < names.length; i++) {
    const bound = FunctionPrototypeBind(console[names[i]], console);
    ObjectDefineProperty(bound, "name", { __proto__: null, value: names[i], configurable: true });
    console[names[i]] = bound;
  }
}

// An error of a write is not one of the program.
function onWriteError(console, name) {
  return (error) => {
    const stream = console[name];
    if (error !== null && error !== undefined && !stream._writableState?.errorEmitted && stream.listenerCount?.("error") === 0) {
      stream.once("error", () => {});
    }
  };
}

function write(console, toStderr, text) {
  const stream = toStderr ? console._stderr : console._stdout;
  const indentation = console[kGroupIndentationString];
  if (indentation !== "") {
    if (StringPrototypeIncludes(text, "\n")) text = StringPrototypeReplaceAll(text, "\n", `\n${indentation}`);
    text = indentation + text;
  }
  text += "\n";
  if (!console._ignoreErrors) {
    stream.write(text);
    return;
  }
  const handler = toStderr ? console._stderrErrorHandler : console._stdoutErrorHandler;
  const listens = typeof stream.once === "function" && typeof stream.removeListener === "function";
  const ignore = () => {};
  try {
    // A failure at once, for which nobody listens, would be thrown.
    if (listens) stream.once("error", ignore);
    stream.write(text, handler);
  } catch {
    // There is nowhere to tell.
  } finally {
    if (listens) stream.removeListener("error", ignore);
  }
}

function optionsFor(console, stream) {
  let color = console[kColorMode];
  if (color === "auto") color = Boolean(stream.isTTY) && (typeof stream.getColorDepth !== "function" || stream.getColorDepth() > 2);
  const given = console[kInspectOptions] === undefined ? undefined : MapPrototypeGet(console[kInspectOptions], stream);
  if (given === undefined) return color ? { colors: true } : {};
  given.colors ??= color;
  return given;
}

function formatFor(console, toStderr, args) {
  const options = optionsFor(console, toStderr ? console._stderr : console._stdout);
  const all = [options];
  for (let i = 0; i < args.length; i++) all[i + 1] = args[i];
  return ReflectApply(formatWithOptions, undefined, all);
}

function print(console, toStderr, args) {
  write(console, toStderr, formatFor(console, toStderr, args));
}

function pad(value, digits) {
  const text = `${value}`;
  return text.length < digits ? StringPrototypeRepeat("0", digits - text.length) + text : text;
}

/** A duration in milliseconds, in the unit that fits. */
function formatTime(ms) {
  if (ms >= kHour) {
    const minutes = (ms % kHour) / kMinute;
    return `${(ms - (ms % kHour)) / kHour}:${pad(minutes | 0, 2)}:${pad(((ms % kMinute) / kSecond) | 0, 2)} (h:mm:ss)`;
  }
  if (ms >= kMinute) return `${(ms / kMinute) | 0}:${pad(((ms % kMinute) / kSecond).toFixed(3), 6)} (m:ss.mmm)`;
  return ms >= kSecond ? `${(ms / kSecond).toFixed(3)}s` : `${+ms.toFixed(3)}ms`;
}

function printTime(console, name, label, data) {
  const start = MapPrototypeGet(console._times, label);
  if (start === undefined) {
    emitWarning(`No such label '${label}' for console.${name}()`);
    return false;
  }
  const args = ["%s: %s", label, formatTime(ops.op_now() - start)];
  for (let i = 0; i < data.length; i++) args[i + 3] = data[i];
  ReflectApply(console.log, console, args);
  return true;
}

const methods = {
  log(...args) {
    print(this, false, args);
  },
  info(...args) {
    print(this, false, args);
  },
  debug(...args) {
    print(this, false, args);
  },
  warn(...args) {
    print(this, true, args);
  },
  error(...args) {
    print(this, true, args);
  },
  dir(object, options) {
    write(this, false, inspect(object, { customInspect: false, ...optionsFor(this, this._stdout), ...options }));
  },
  time(label = "default") {
    label = `${label}`;
    if (MapPrototypeHas(this._times, label)) emitWarning(`Label '${label}' already exists for console.time()`);
    else MapPrototypeSet(this._times, label, ops.op_now());
  },
  timeEnd(label = "default") {
    label = `${label}`;
    if (printTime(this, "timeEnd", label, [])) MapPrototypeDelete(this._times, label);
  },
  timeLog(label = "default", ...data) {
    printTime(this, "timeLog", `${label}`, data);
  },
  trace: function trace(...args) {
    const holder = new Error(formatFor(this, true, args));
    holder.name = "Trace";
    ErrorCaptureStackTrace(holder, trace);
    this.error(holder.stack);
  },
  assert(expression, ...args) {
    if (expression) return;
    if (typeof args[0] === "string") args[0] = `Assertion failed: ${args[0]}`;
    else if (args.length === 0) args[0] = "Assertion failed";
    else args = withFirst("Assertion failed", args);
    ReflectApply(this.warn, this, args);
  },
  clear() {
    // Only a terminal can be cleared.
    if (this._stdout.isTTY) this._stdout.write("\x1b[1;1H\x1b[0J");
  },
  count(label = "default") {
    label = `${label}`;
    const count = (MapPrototypeGet(this[kCounts], label) ?? 0) + 1;
    MapPrototypeSet(this[kCounts], label, count);
    this.log(`${label}: ${count}`);
  },
  countReset(label = "default") {
    label = `${label}`;
    if (!MapPrototypeDelete(this[kCounts], label)) emitWarning(`Count for '${label}' does not exist`);
  },
  group(...data) {
    if (data.length > 0) ReflectApply(this.log, this, data);
    this[kGroupIndentationString] += StringPrototypeRepeat(" ", this[kGroupIndentationWidth]);
  },
  groupEnd() {
    const indentation = this[kGroupIndentationString];
    this[kGroupIndentationString] = StringPrototypeSlice(indentation, 0, indentation.length - this[kGroupIndentationWidth]);
  },
  table(tabularData, properties) {
    if (tabularData === null || typeof tabularData !== "object") {
      this.log(tabularData);
      return;
    }
    if (properties !== undefined && !ArrayIsArray(properties)) throw new ERR_INVALID_ARG_TYPE("properties", "Array", properties);
    this.log(require("web/console_table").tableOf(tabularData, properties));
  },
  dirxml(...args) {
    ReflectApply(this.log, this, args);
  },
  groupCollapsed(...data) {
    ReflectApply(this.group, this, data);
  },
};

function withFirst(item, list) {
  const result = [item];
  for (let i = 0; i < list.length; i++) result[i + 1] = list[i];
  return result;
}

const names = ObjectKeys(methods);
for (let i = 0; i < names.length; i++) Console.prototype[names[i]] = methods[names[i]];

// The global console is none of its instances, and counts as one.
ObjectDefineProperty(Console, SymbolHasInstance, {
  __proto__: null,
  value(instance) {
    return FunctionPrototypeSymbolHasInstance(this, instance) || instance === require("web/console").console;
  },
});

module.exports = { Console };
