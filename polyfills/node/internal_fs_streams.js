"use strict";
// ReadStream and WriteStream. https://nodejs.org/docs/latest-v22.x/api/fs.html#class-fsreadstream

const { FunctionPrototypeCall, FunctionPrototypeSymbolHasInstance, MathMin, ObjectDefineProperties, ObjectSetPrototypeOf, ReflectApply, Symbol } = primordials;
const { Buffer } = require("node/internal_buffer");
const { ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS, ERR_METHOD_NOT_IMPLEMENTED, ERR_OUT_OF_RANGE } = require("node/internal_errors");
const { toFd, toMode, toPath } = require("node/internal_fs_checks");
const { errorOrDestroy } = require("node/internal_stream_destroy");
const { isFileHandle, ofHandle, operationsOf } = require("node/internal_fs_operations");
const { validateAbortSignal, validateBoolean, validateObject, validateString, validateUint32 } = require("node/internal_validators");
const { Readable, Writable, finished } = require("node/stream");
const { queueMicrotask } = require("web/timers");

const kFs = Symbol("kFs");
const kBusy = Symbol("kIsPerformingIO");
const kIoDone = Symbol("kIoDone");
const kHandle = Symbol("kHandle");

const given = (value) => value !== undefined && value !== null;

/** Checks the options that both kinds have; gives them with their defaults. */
function readOptions(options) {
  if (typeof options === "string") options = { encoding: options };
  else if (options === null) options = {};
  validateObject(options, "options");
  const { autoClose = true, emitClose = true, start = 0, highWaterMark = 65536 } = options;
  const { encoding = null } = options;
  if (encoding !== null && encoding !== "buffer" && !Buffer.isEncoding(encoding)) throw new ERR_INVALID_ARG_VALUE("options.encoding", encoding);
  validateBoolean(autoClose, "options.autoClose");
  validateBoolean(emitClose, "options.emitClose");
  validateUint32(start, "options.start");
  validateUint32(highWaterMark, "options.highWaterMark");
  if (given(options.signal)) validateAbortSignal(options.signal, "options.signal");
  if (options.flags !== undefined) validateString(options.flags, "options.flags");
  toMode(options.mode, "options.mode", 0o666);
  return { __proto__: options, autoClose, emitClose, start, highWaterMark, encoding };
}

// Which file it is: one that is open already, or a path.
function prepare(stream, path, options, flags) {
  const { fd, fs } = options;
  stream[kFs] = operationsOf(fs);
  stream[kBusy] = false;
  stream.start = options.start;
  stream.pos = options.start;
  stream.bytesRead = 0;
  if (!given(fd)) {
    stream.fd = null;
    stream.path = typeof path === "string" ? (toPath(path), path) : toPath(path);
    stream.flags = options.flags ?? flags;
    stream.mode = options.mode ?? 0o666;
  } else if (isFileHandle(fd)) {
    if (given(fs)) throw new ERR_METHOD_NOT_IMPLEMENTED("FileHandle with fs");
    stream[kHandle] = fd;
    stream[kFs] = ofHandle(fd);
    fd.on("close", () => stream.close());
    stream.fd = fd.fd ?? null;
  } else {
    stream.fd = toFd(fd);
  }
}

const streamOptions = ({ autoClose, emitClose, highWaterMark, signal }) => ({ autoDestroy: autoClose, emitClose, highWaterMark, signal: signal ?? undefined });

// A class of a package may open files itself: it emits "open", or "error".
function openBy(stream, callback) {
  const { emit } = stream;
  stream.emit = function (...args) {
    const [name, value] = args;
    if (name === "open" || name === "error") {
      this.emit = emit;
      callback(name === "error" ? value : null);
    }
    if (name !== "error") ReflectApply(emit, this, args);
    return true;
  };
  stream.open();
}

function construct(callback) {
  if (typeof this.fd === "number") {
    callback();
    return;
  }
  if (typeof this.open === "function") {
    openBy(this, callback);
    return;
  }
  this[kFs].open(this.path, this.flags, this.mode, (error, fd) => {
    if (error) {
      callback(error);
      return;
    }
    this.fd = fd;
    callback();
    this.emit("open", fd);
    this.emit("ready");
  });
}

function closeFile(stream, error, callback) {
  const { fd } = stream;
  if (!given(fd)) {
    callback(error);
    return;
  }
  const close = (failed) => {
    stream[kFs].close(fd, (closing) => callback(closing || failed));
    stream.fd = null;
  };
  if (stream.flush) stream[kFs].fsync(fd, (failed) => close(error || failed));
  else close(error);
}

// What is under way ends first.
function destroy(error, callback) {
  if (this[kBusy]) this.once(kIoDone, (failed) => closeFile(this, error || failed, callback));
  else closeFile(this, error, callback);
}

function stateOf(stream, Class) {
  if (stream?.[kFs] === undefined) throw new ERR_INVALID_THIS(Class.name);
  return stream._readableState ?? stream._writableState;
}

const accessors = (Class) => ({
  __proto__: null,
  autoClose: {
    __proto__: null,
    get() {
      return stateOf(this, Class).autoDestroy;
    },
    set(value) {
      stateOf(this, Class).autoDestroy = value;
    },
  },
  pending: {
    __proto__: null,
    get() {
      return this.fd === null;
    },
    configurable: true,
  },
});

// Reading.

function ReadStream(path, options = {}) {
  if (!FunctionPrototypeSymbolHasInstance(ReadStream, this)) return new ReadStream(path, options);
  const read = readOptions(options);
  const { start, end = Infinity, encoding } = read;
  if (end !== Infinity) {
    validateUint32(end, "options.end");
    if (start > end) throw new ERR_OUT_OF_RANGE("start", `<= "end" (here: ${end})`, start);
  }
  prepare(this, path, read, "r");
  this.end = end;
  FunctionPrototypeCall(Readable, this, { ...streamOptions(read), encoding: encoding === null || encoding === "buffer" ? undefined : encoding });
  return this;
}
ObjectSetPrototypeOf(ReadStream.prototype, Readable.prototype);
ObjectSetPrototypeOf(ReadStream, Readable);
ReadStream.prototype._construct = construct;
ReadStream.prototype._destroy = destroy;
ReadStream.prototype._read = function (size) {
  const wanted = MathMin(this.end - (this.pos ?? this.bytesRead) + 1, size);
  if (wanted <= 0 || !given(this.fd)) {
    this.push(null);
    return;
  }
  const buffer = Buffer.alloc(wanted);
  this[kBusy] = true;
  this[kFs].read(this.fd, buffer, 0, wanted, this.pos, (error, n) => {
    this[kBusy] = false;
    if (this.destroyed) this.emit(kIoDone, error);
    else if (error) errorOrDestroy(this, error);
    else onRead(this, buffer, n);
  });
};

function onRead(stream, buffer, n) {
  if (!(n > 0)) {
    stream.push(null);
    return;
  }
  if (stream.pos !== undefined) stream.pos += n;
  stream.bytesRead += n;
  stream.push(n === buffer.length ? buffer : buffer.subarray(0, n));
}
ReadStream.prototype.close = function (callback) {
  if (typeof callback === "function") finished(this, callback);
  this.destroy();
};
ObjectDefineProperties(ReadStream.prototype, accessors(ReadStream));

// Writing.

function WriteStream(path, options = {}) {
  if (!FunctionPrototypeSymbolHasInstance(WriteStream, this)) return new WriteStream(path, options);
  const read = readOptions(options);
  const flush = read.flush ?? false;
  validateBoolean(flush, "options.flush");
  prepare(this, path, read, "w");
  this.flush = flush;
  this.bytesWritten = 0;
  if (this[kFs].writev !== undefined) this._writev = writev;
  FunctionPrototypeCall(Writable, this, { ...streamOptions(read), decodeStrings: true });
  if (read.encoding !== null && read.encoding !== "buffer") this.setDefaultEncoding(read.encoding);
  return this;
}
ObjectSetPrototypeOf(WriteStream.prototype, Writable.prototype);
ObjectSetPrototypeOf(WriteStream, Writable);
WriteStream.prototype._construct = construct;
WriteStream.prototype._destroy = destroy;

// Until all of it is written.
function writeAll(stream, data, position, callback) {
  stream[kFs].write(stream.fd, data, 0, data.length, position, (error, n) => {
    if (error || stream.destroyed) {
      callback(error);
      return;
    }
    stream.bytesWritten += n;
    if (n > 0 && n < data.length) writeAll(stream, data.subarray(n), position + n, callback);
    else callback(null);
  });
}

WriteStream.prototype._write = function (data, encoding, callback) {
  this[kBusy] = true;
  const position = this.pos;
  if (position !== undefined) this.pos += data.length;
  writeAll(this, data, position, (error) => {
    this[kBusy] = false;
    callback(error);
    if (this.destroyed) this.emit(kIoDone, error);
  });
};
// For streams whose option `fs` has a function for it; chunks are next to each other.
function writev(list, callback) {
  const chunks = [];
  let size = 0;
  for (let i = 0; i < list.length; i++) {
    chunks[i] = list[i].chunk;
    size += chunks[i].length;
  }
  this[kBusy] = true;
  const position = this.pos;
  if (position !== undefined) this.pos += size;
  this[kFs].writev(this.fd, chunks, position, (error, n) => {
    this[kBusy] = false;
    if (!error) this.bytesWritten += n;
    callback(error);
    if (this.destroyed) this.emit(kIoDone, error);
  });
}

WriteStream.prototype.close = function (callback) {
  if (typeof callback === "function") {
    if (this.closed) {
      queueMicrotask(() => callback(null));
      return;
    }
    this.on("close", callback);
  }
  if (!this.autoClose) this.on("finish", () => this.destroy());
  this.end();
};
WriteStream.prototype.destroySoon = WriteStream.prototype.end;
ObjectDefineProperties(WriteStream.prototype, accessors(WriteStream));

function createReadStream(path, options) {
  return new ReadStream(path, options);
}

function createWriteStream(path, options) {
  return new WriteStream(path, options);
}

module.exports = { ReadStream, WriteStream, createReadStream, createWriteStream };
