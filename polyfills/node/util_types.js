"use strict";
// node:util/types, https://nodejs.org/docs/latest-v22.x/api/util.html#utiltypes
// The engine says what a value is; no property of it is read.

const { ArrayBufferIsView, TypedArrayPrototypeGetSymbolToStringTag } = primordials;

function isKind(kind) {
  return (value) => ops.op_value_kind(value) === kind;
}

function isArray(name) {
  return (value) => ArrayBufferIsView(value) && TypedArrayPrototypeGetSymbolToStringTag(value) === name;
}

function isBoxedPrimitive(value) {
  switch (ops.op_value_kind(value)) {
    case "NumberObject":
    case "StringObject":
    case "BooleanObject":
    case "BigIntObject":
    case "SymbolObject":
      return true;
    default:
      return false;
  }
}

function isCryptoKey(value) {
  return value instanceof require("web/crypto").CryptoKey;
}

function isKeyObject(value) {
  return require("node/internal_crypto_brand").isKeyObject(value);
}

module.exports = {
  isCryptoKey,
  isKeyObject,
  isAsyncFunction(value) {
    const kind = ops.op_value_kind(value);
    return kind === "AsyncFunction" || kind === "AsyncGeneratorFunction";
  },
  isGeneratorFunction(value) {
    const kind = ops.op_value_kind(value);
    return kind === "GeneratorFunction" || kind === "AsyncGeneratorFunction";
  },
  isGeneratorObject: isKind("Generator"),
  isAnyArrayBuffer(value) {
    const kind = ops.op_value_kind(value);
    return kind === "ArrayBuffer" || kind === "SharedArrayBuffer";
  },
  isArrayBuffer: isKind("ArrayBuffer"),
  isArgumentsObject: isKind("Arguments"),
  isBoxedPrimitive,
  isDataView: isKind("DataView"),
  isMap: isKind("Map"),
  isMapIterator: isKind("MapIterator"),
  isModuleNamespaceObject: isKind("ModuleNamespace"),
  isNativeError: isKind("NativeError"),
  isPromise: isKind("Promise"),
  isProxy: (value) => ops.op_proxy_details(value) !== undefined,
  isSet: isKind("Set"),
  isSetIterator: isKind("SetIterator"),
  isSharedArrayBuffer: isKind("SharedArrayBuffer"),
  isWeakMap: isKind("WeakMap"),
  isWeakSet: isKind("WeakSet"),
  isRegExp: isKind("RegExp"),
  isDate: isKind("Date"),
  isStringObject: isKind("StringObject"),
  isSymbolObject: isKind("SymbolObject"),
  isNumberObject: isKind("NumberObject"),
  isBooleanObject: isKind("BooleanObject"),
  isBigIntObject: isKind("BigIntObject"),
  isArrayBufferView: (value) => ArrayBufferIsView(value),
  isBigInt64Array: isArray("BigInt64Array"),
  isBigUint64Array: isArray("BigUint64Array"),
  isFloat16Array: isArray("Float16Array"),
  isFloat32Array: isArray("Float32Array"),
  isFloat64Array: isArray("Float64Array"),
  isInt8Array: isArray("Int8Array"),
  isInt16Array: isArray("Int16Array"),
  isInt32Array: isArray("Int32Array"),
  isTypedArray: isKind("TypedArray"),
  isUint8Array: isArray("Uint8Array"),
  isUint8ClampedArray: isArray("Uint8ClampedArray"),
  isUint16Array: isArray("Uint16Array"),
  isUint32Array: isArray("Uint32Array"),
  isExternal: isKind("External"),
};
