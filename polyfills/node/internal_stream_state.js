"use strict";
// What both sides of a stream keep in one number, and how much they buffer. https://nodejs.org/docs/latest-v22.x/api/stream.html#buffering
// The numbers are visible to scripts (util.inspect prints them), so that they are those of Node.

const { NumberIsInteger, ObjectDefineProperty, Symbol, SymbolFor } = primordials;
const errors = require.lazy("node/internal_errors");
const { validateInteger } = require("node/internal_validators");
const { state } = require("core/worker");

// The property of a state object that has its bits.
const kState = Symbol("kState");
// The method of a state object that runs once construct() is done.
const kOnConstructed = Symbol("kOnConstructed");

// Bits that both sides have.
const kObjectMode = 1 << 0;
const kErrorEmitted = 1 << 1;
const kAutoDestroy = 1 << 2;
const kEmitClose = 1 << 3;
const kDestroyed = 1 << 4;
const kClosed = 1 << 5;
const kCloseEmitted = 1 << 6;
const kErrored = 1 << 7;
const kConstructed = 1 << 8;

/** Defines accessors of bits on a prototype: `bits` is [name, bit, name, bit, ...]. */
function defineBits(proto, bits, enumerable) {
  for (let i = 0; i < bits.length; i += 2) {
    const bit = bits[i + 1];
    ObjectDefineProperty(proto, bits[i], {
      __proto__: null,
      get() {
        return (this[kState] & bit) !== 0;
      },
      set(value) {
        if (value) this[kState] |= bit;
        else this[kState] &= ~bit;
      },
      enumerable,
    });
  }
}

/** Defines an accessor of a value that is there only while its bit is set; `absent` is what reads as long as it is not. */
function defineOptional(proto, name, bit, key, absent, always) {
  ObjectDefineProperty(proto, name, {
    __proto__: null,
    get() {
      return (this[kState] & bit) !== 0 ? this[key] : absent();
    },
    set(value) {
      if (value || always) this[key] = value;
      if (value) this[kState] |= bit;
      else this[kState] &= ~bit;
    },
  });
}

/** Defines the accessor `defaultEncoding`: UTF-8 is a bit, others are kept. */
function defineEncoding(proto, bit, key) {
  ObjectDefineProperty(proto, "defaultEncoding", {
    __proto__: null,
    get() {
      return (this[kState] & bit) !== 0 ? "utf8" : this[key];
    },
    set(value) {
      if (isUtf8(value)) {
        this[kState] |= bit;
      } else {
        this[kState] &= ~bit;
        this[key] = value;
      }
    },
  });
}

function isUtf8(encoding) {
  return encoding === "utf8" || encoding === "utf-8";
}

/** Sets the encoding that the options give; Node 24 refuses those that it does not know. */
function setEncoding(state, bit, encoding) {
  if (encoding === undefined || encoding === null || isUtf8(encoding)) {
    state[kState] |= bit;
    return;
  }
  if (isNode24() && !require("node/internal_buffer").Buffer.isEncoding(encoding)) throw new (errors().ERR_UNKNOWN_ENCODING)(encoding);
  state.defaultEncoding = encoding;
}

/** Whether streams behave as in Node 24. */
function isNode24() {
  return state.flags.enable_streams_nodejs_v24_compat === true;
}

let defaultBytes = 64 * 1024;
let defaultObjects = 16;

/** How much a stream buffers if its options do not say: bytes, or objects. */
function getDefaultHighWaterMark(objectMode) {
  return objectMode ? defaultObjects : defaultBytes;
}

function setDefaultHighWaterMark(objectMode, value) {
  validateInteger(value, "value", 0);
  if (objectMode) defaultObjects = value;
  else defaultBytes = value;
}

/** The mark that the options give to one side; `key` is the name of the option for that side of a Duplex. */
function getHighWaterMark(state, options, key, isDuplex) {
  const mark = options.highWaterMark ?? (isDuplex ? options[key] : undefined);
  if (mark === undefined || mark === null) return getDefaultHighWaterMark(state.objectMode);
  if (NumberIsInteger(mark) && mark >= 0) return mark;
  throw new (errors().ERR_INVALID_ARG_VALUE)(isDuplex ? `options.${key}` : "options.highWaterMark", mark);
}

module.exports = {
  kState,
  kOnConstructed,
  kObjectMode,
  kErrorEmitted,
  kAutoDestroy,
  kEmitClose,
  kDestroyed,
  kClosed,
  kCloseEmitted,
  kErrored,
  kConstructed,
  // Registered, as the package readable-stream reads and writes them too.
  kIsDestroyed: SymbolFor("nodejs.stream.destroyed"),
  kIsErrored: SymbolFor("nodejs.stream.errored"),
  kIsReadable: SymbolFor("nodejs.stream.readable"),
  kIsWritable: SymbolFor("nodejs.stream.writable"),
  kIsDisturbed: SymbolFor("nodejs.stream.disturbed"),
  defineBits,
  defineEncoding,
  defineOptional,
  setEncoding,
  isNode24,
  getDefaultHighWaterMark,
  setDefaultHighWaterMark,
  getHighWaterMark,
  nop() {},
};
