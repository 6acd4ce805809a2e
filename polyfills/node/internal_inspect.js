"use strict";
// util.inspect, its entrance: the function, its options and its tables. Programs that only format text never print a value, so what
// prints is loaded by the first that is printed. https://nodejs.org/docs/latest-v22.x/api/util.html#utilinspectobject-options

const { ObjectAssign, ObjectDefineProperty, ObjectSeal, SymbolFor } = primordials;
const getInspector = require.lazy("node/internal_inspector", "Inspector");
const getFormatArguments = require.lazy("node/internal_format", "formatArguments");
const getValidateObject = require.lazy("node/internal_validators", "validateObject");

const kCustom = SymbolFor("nodejs.util.inspect.custom");

let defaults;

function defaultOptions() {
  defaults ??= ObjectSeal({
    showHidden: false,
    depth: 2,
    colors: false,
    customInspect: true,
    showProxy: false,
    maxArrayLength: 100,
    maxStringLength: 10000,
    breakLength: 80,
    compact: 3,
    sorted: false,
    getters: false,
    numericSeparator: false,
  });
  return defaults;
}

/** The default of that option, without making all of them. */
function defaultNumericSeparator() {
  return defaults !== undefined && defaults.numericSeparator;
}

/**
 * util.inspect(value[, options]) or, as of old, util.inspect(value, showHidden, depth, colors).
 * @returns {string}
 */
function inspect(value, options) {
  const inspector = new (getInspector())();
  if (arguments.length > 1) {
    if (arguments.length > 2) {
      if (arguments[2] !== undefined) inspector.depth = arguments[2];
      if (arguments.length > 3 && arguments[3] !== undefined) inspector.colors = arguments[3];
    }
    if (typeof options === "boolean") inspector.showHidden = options;
    else if (options) inspector.setOptions(options);
  }
  return inspector.start(value);
}

inspect.custom = kCustom;
ObjectDefineProperty(inspect, "defaultOptions", {
  __proto__: null,
  get: defaultOptions,
  set(value) {
    getValidateObject()(value, "options");
    ObjectAssign(defaultOptions(), value);
  },
  enumerable: false,
  configurable: false,
});

// A table of colours: a property with a value from the first time it is touched.
function defineTable(name) {
  const define = (value) => ObjectDefineProperty(inspect, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
  ObjectDefineProperty(inspect, name, {
    __proto__: null,
    get() {
      const value = require("node/internal_inspect_styles")[name];
      define(value);
      return value;
    },
    set: define,
    enumerable: true,
    configurable: true,
  });
}
defineTable("colors");
defineTable("styles");

/** util.format(...args). */
function format(...args) {
  return getFormatArguments()(undefined, args);
}

/** util.formatWithOptions(inspectOptions, ...args). */
function formatWithOptions(inspectOptions, ...args) {
  const { kAllowArray, validateObject } = require("node/internal_validators");
  validateObject(inspectOptions, "inspectOptions", kAllowArray);
  return getFormatArguments()(inspectOptions, args);
}

module.exports = { inspect, format, formatWithOptions, internals: { kCustom, defaultOptions, defaultNumericSeparator } };
