"use strict";
// ReadStream and WriteStream. https://nodejs.org/docs/latest-v22.x/api/fs.html#class-fsreadstream

const { FunctionPrototypeCall, MathMin, ObjectDefineProperties, ObjectSetPrototypeOf } = primordials;
const { Buffer } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } = require("node/internal_errors");
const { validateFunction, validateInteger, validateObject } = require("node/internal_validators");
const { toFd, toOptions, toPath } = require("node/internal_fs_checks");
const sync = require("node/internal_fs_sync");
const { Readable, Writable, finished } = require("node/stream");

// A file that is open already, or the number of one.
function openFile(stream, options) {
  const { fd } = options;
  if (fd === undefined || fd === null) return null;
  if (typeof fd === "number") return toFd(fd);
  const { FileHandle } = require("node/internal_fs_handle");
  if (!(fd instanceof FileHandle)) throw new ERR_INVALID_ARG_TYPE("options.fd", ["number", "FileHandle"], fd);
  stream.handle = fd;
  return fd.fd;
}

function prepare(stream, path, options, flags) {
  stream.fd = openFile(stream, options);
  // A path is checked although a file is open already.
  if (path !== undefined || stream.fd === null) stream.path = typeof path === "string" ? path : toPath(path);
  stream.flags = options.flags ?? flags;
  stream.mode = options.mode ?? 0o666;
  stream.start = options.start;
  stream.pos = options.start;
  if (options.start !== undefined) validateInteger(options.start, "start", 0);
}

function construct(callback) {
  if (typeof this.fd === "number") {
    callback();
    return;
  }
  try {
    this.fd = sync.openSync(this.path, this.flags, this.mode);
  } catch (error) {
    callback(error);
    return;
  }
  callback();
  this.emit("open", this.fd);
  this.emit("ready");
}

function destroy(error, callback) {
  const { fd, handle } = this;
  this.fd = null;
  if (fd === null || fd === undefined || (this.autoClose === false && handle === undefined)) {
    callback(error);
    return;
  }
  if (handle !== undefined) {
    handle.close().then(() => callback(error), (failed) => callback(error ?? failed));
    return;
  }
  sync.closeSync(fd);
  callback(error);
}

function close(callback) {
  if (callback !== undefined) {
    validateFunction(callback, "callback");
    finished(this, callback);
  }
  this.destroy();
}

const kAccessors = {
  __proto__: null,
  autoClose: {
    __proto__: null,
    get() {
      return (this._readableState ?? this._writableState).autoDestroy;
    },
    set(value) {
      (this._readableState ?? this._writableState).autoDestroy = value;
    },
    configurable: true,
  },
  pending: {
    __proto__: null,
    get() {
      return this.fd === null;
    },
    configurable: true,
  },
};

function ReadStream(path, options) {
  if (!new.target && !(this instanceof ReadStream)) return new ReadStream(path, options);
  const given = toOptions(options);
  validateObject(given, "options");
  prepare(this, path, given, "r");
  this.bytesRead = 0;
  this.end = given.end ?? Infinity;
  if (this.end !== Infinity) {
    validateInteger(this.end, "end", 0);
    if (this.start !== undefined && this.start > this.end) {
      throw new ERR_OUT_OF_RANGE("start", `<= "end" (here: ${this.end})`, this.start);
    }
  }
  FunctionPrototypeCall(Readable, this, {
    highWaterMark: given.highWaterMark ?? 65536,
    encoding: given.encoding ?? undefined,
    autoDestroy: given.autoClose ?? true,
    emitClose: given.emitClose ?? true,
    signal: given.signal,
  });
}
ObjectSetPrototypeOf(ReadStream.prototype, Readable.prototype);
ObjectSetPrototypeOf(ReadStream, Readable);
ReadStream.prototype._construct = construct;
ReadStream.prototype._destroy = destroy;
ReadStream.prototype.close = close;
ReadStream.prototype._read = function (size) {
  const left = this.pos === undefined ? this.end - this.bytesRead + 1 : this.end - this.pos + 1;
  const wanted = MathMin(left, size);
  if (wanted <= 0) {
    this.push(null);
    return;
  }
  const buffer = Buffer.alloc(wanted);
  let n;
  try {
    n = sync.readSync(this.fd, buffer, 0, wanted, this.pos ?? null);
  } catch (error) {
    this.destroy(error);
    return;
  }
  if (n === 0) {
    this.push(null);
    return;
  }
  if (this.pos !== undefined) this.pos += n;
  this.bytesRead += n;
  this.push(n === wanted ? buffer : buffer.subarray(0, n));
};
ObjectDefineProperties(ReadStream.prototype, kAccessors);

function WriteStream(path, options) {
  if (!new.target && !(this instanceof WriteStream)) return new WriteStream(path, options);
  const given = toOptions(options);
  validateObject(given, "options");
  prepare(this, path, given, "w");
  this.bytesWritten = 0;
  FunctionPrototypeCall(Writable, this, {
    highWaterMark: given.highWaterMark,
    decodeStrings: true,
    autoDestroy: given.autoClose ?? true,
    emitClose: given.emitClose ?? true,
    signal: given.signal,
  });
  if (given.encoding) this.setDefaultEncoding(given.encoding);
}
ObjectSetPrototypeOf(WriteStream.prototype, Writable.prototype);
ObjectSetPrototypeOf(WriteStream, Writable);
WriteStream.prototype._construct = construct;
WriteStream.prototype._destroy = destroy;
WriteStream.prototype.close = close;
WriteStream.prototype.destroySoon = WriteStream.prototype.end;
WriteStream.prototype._write = function (data, _encoding, callback) {
  try {
    const n = sync.writeSync(this.fd, data, 0, data.length, this.pos ?? null);
    this.bytesWritten += n;
    if (this.pos !== undefined) this.pos += n;
  } catch (error) {
    callback(error);
    return;
  }
  callback();
};
ObjectDefineProperties(WriteStream.prototype, kAccessors);

function createReadStream(path, options) {
  return new ReadStream(path, options);
}

function createWriteStream(path, options) {
  return new WriteStream(path, options);
}

module.exports = { ReadStream, WriteStream, createReadStream, createWriteStream };
