"use strict";
// Blob and File, https://w3c.github.io/FileAPI/. As on the reference runtime parts are a real array, offsets are 32-bit and
// `endings` is not implemented. The bytes are immutable, so that slices and bodies share them.

const { ArrayBufferIsView, ArrayIsArray, Error, ObjectSetPrototypeOf, DateNow, PromiseResolve, RegExpPrototypeExec, StringPrototypeToLowerCase, TypedArrayPrototypeGetBuffer, TypedArrayPrototypeSet, TypedArrayPrototypeSubarray, Uint8Array } =
  primordials;
const { bytesOf, constructorError, define, isBufferSource, isObject, toDOMString, toDouble, toLong, toUSVString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { registerCloneable } = require("core/clone");

/** What a Blob or a File is made of. */
class BlobData {
  /** @type {Uint8Array} */
  bytes;
  type;
  // Of files.
  name;
  lastModified;
  constructor(bytes, type, name, lastModified) {
    this.bytes = bytes;
    this.type = type;
    this.name = name;
    this.lastModified = lastModified;
  }
}

const kInternal = { __proto__: null };
const kBadType = /[^\x20-\x7f]/;

/** https://w3c.github.io/FileAPI/#constructorBlob, the steps about type. */
function normalizeType(type) {
  return RegExpPrototypeExec(kBadType, type) === null ? StringPrototypeToLowerCase(type) : "";
}

function partBytes(part) {
  if (typeof part === "string") return ops.op_utf8_encode(part);
  if (isObject(part)) {
    const data = dataOf(part);
    if (data !== undefined) return data.bytes;
    if (ArrayBufferIsView(part)) return bytesOf(part);
    if (isBufferSource(part) && ops.op_value_kind(part) === "ArrayBuffer") return new Uint8Array(part);
  }
  return ops.op_utf8_encode(toDOMString(part));
}

/** https://w3c.github.io/FileAPI/#process-blob-parts */
function concat(parts) {
  const pieces = [];
  let size = 0;
  for (let i = 0; i < parts.length; i++) {
    const bytes = partBytes(parts[i]);
    pieces[pieces.length] = bytes;
    size += bytes.length;
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < pieces.length; i++) {
    TypedArrayPrototypeSet(out, pieces[i], at);
    at += pieces[i].length;
  }
  return out;
}

function checkOptions(options, iface, index) {
  if (options !== undefined && options !== null && !isObject(options)) throw constructorError(iface, index, "Options");
}

function convertType(options) {
  const type = options.type;
  return type === undefined ? "" : toDOMString(type);
}

function checkEndings(options) {
  if (options.endings !== undefined) throw new Error("The 'endings' field on 'Options' is not implemented.");
}

function clamp(offset, size) {
  if (offset < 0) return offset + size < 0 ? 0 : offset + size;
  return offset > size ? size : offset;
}

/** The data of a Blob or a File, or undefined. */
let dataOf;
let createBlob;
let fileData;

function mustBeBlob(value) {
  const data = isObject(value) ? dataOf(value) : undefined;
  if (data === undefined) throw illegalInvocation();
  return data;
}

class Blob {
  #data;

  constructor(parts = undefined, options = undefined, bytes = undefined, type = undefined) {
    if (parts === kInternal) {
      this.#data = new BlobData(bytes, type, undefined, 0);
      return;
    }
    if (parts !== undefined && !ArrayIsArray(parts)) throw constructorError("Blob", 1, "Array");
    checkOptions(options, "Blob", 2);
    const content = parts === undefined ? new Uint8Array(0) : concat(parts);
    let kind = "";
    if (options !== undefined && options !== null) {
      kind = normalizeType(convertType(options));
      checkEndings(options);
    }
    this.#data = new BlobData(content, kind, undefined, 0);
  }

  get size() {
    return mustBeBlob(this).bytes.length;
  }

  get type() {
    return mustBeBlob(this).type;
  }

  // https://w3c.github.io/FileAPI/#slice-blob
  slice(start = undefined, end = undefined, type = undefined) {
    const { bytes } = mustBeBlob(this);
    const size = bytes.length;
    const from = start === undefined ? 0 : clamp(toLong(start), size);
    const to = end === undefined ? size : clamp(toLong(end), size);
    const kind = type === undefined ? "" : normalizeType(toDOMString(type));
    return createBlob(TypedArrayPrototypeSubarray(bytes, from, to > from ? to : from), kind);
  }

  arrayBuffer() {
    return PromiseResolve(TypedArrayPrototypeGetBuffer(new Uint8Array(mustBeBlob(this).bytes)));
  }

  bytes() {
    return PromiseResolve(new Uint8Array(mustBeBlob(this).bytes));
  }

  text() {
    return PromiseResolve(ops.op_utf8_decode(mustBeBlob(this).bytes, false));
  }

  stream() {
    return require("web/streams_readable").internals.createBytesStream(new Uint8Array(mustBeBlob(this).bytes));
  }

  static {
    dataOf = (value) => (#data in value ? value.#data : fileData(value));
    createBlob = (bytes, type) => new Blob(kInternal, undefined, bytes, type);
  }
}
define(Blob, "Blob");

let createFile;

class File {
  #data;

  constructor(parts = undefined, name = undefined, options = undefined, data = undefined) {
    if (parts === kInternal) {
      this.#data = data;
      return;
    }
    if (arguments.length < 2) throw constructorError("File", 2, "string");
    if (parts !== undefined && !ArrayIsArray(parts)) throw constructorError("File", 1, "Array");
    const fileName = toUSVString(name);
    checkOptions(options, "File", 3);
    const content = parts === undefined ? new Uint8Array(0) : concat(parts);
    let kind = "";
    let lastModified;
    if (options !== undefined && options !== null) {
      kind = normalizeType(convertType(options));
      lastModified = options.lastModified;
      if (lastModified !== undefined) lastModified = toDate(lastModified);
      checkEndings(options);
    }
    this.#data = new BlobData(content, kind, fileName, lastModified ?? DateNow());
  }

  get name() {
    if (!isFile(this)) throw illegalInvocation();
    return this.#data.name;
  }

  get lastModified() {
    if (!isFile(this)) throw illegalInvocation();
    return this.#data.lastModified;
  }

  static {
    fileData = (value) => (#data in value ? value.#data : undefined);
    createFile = (bytes, name, type, lastModified) => new File(kInternal, undefined, undefined, new BlobData(bytes, type, name, lastModified));
  }
}
define(File, "File");
// Statics are not inherited.
ObjectSetPrototypeOf(File.prototype, Blob.prototype);

function toDate(value) {
  const number = toDouble(value);
  return number !== number ? 0 : number;
}

const isBlob = (value) => typeof value === "object" && value !== null && dataOf(value) !== undefined;
const isFile = (value) => typeof value === "object" && value !== null && fileData(value) !== undefined;

registerCloneable(
  3,
  "Blob",
  (value) => dataOf(value) !== undefined && fileData(value) === undefined,
  (blob) => {
    const { bytes, type } = dataOf(blob);
    return [bytes, type];
  },
  (data) => createBlob(data[0], data[1]),
);

module.exports = {
  Blob,
  File,
  internals: {
    __proto__: null,
    isBlob,
    isFile,
    /** { bytes, type, name, lastModified } of a Blob or File; not to be changed. */
    dataOf,
    createBlob,
    /** (bytes, name, type, lastModified) */
    createFile,
  },
};
