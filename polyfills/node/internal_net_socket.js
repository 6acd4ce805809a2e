"use strict";
// net.Socket over the sockets of the platform. https://nodejs.org/docs/latest-v22.x/api/net.html#class-netsocket
// `_handle` is what belongs to a connection: { socket, reader, writer, bytesRead, bytesWritten, reading, options }.
// Reader and writer are called as a script would call them: under TLS they may be those of a stream of the program.

const {
  ArrayIsArray,
  ArrayPrototypePush,
  FunctionPrototypeCall,
  FunctionPrototypeSymbolHasInstance,
  ObjectDefineProperty,
  ObjectKeys,
  ObjectSetPrototypeOf,
  PromisePrototypeThen,
  Symbol,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  Uint8Array,
} = primordials;
const context = require("core/context");
const errors = require.lazy("node/internal_errors");
const netErrors = require.lazy("node/internal_net_errors");
const { Buffer } = require("node/internal_buffer");
const { isNormalized, normalizeArgs, timerDuration } = require("node/internal_net_args");
const { connectSocket } = require("node/internal_net_connect");
const { isLookupFailure, toSystemError } = require("node/internal_net_failures");
const { Duplex } = require("node/internal_stream_duplex");
const { isUint8Array } = require("node/util_types");
const { validateAbortSignal, validateFunction, validateNumber, validateObject } = require("node/internal_validators");
const { queueMicrotask } = require("web/timers");
const { start, stop } = require("web/timers").internals;

const kTimer = Symbol("kTimeout");
const kLastWriteSize = Symbol("kLastWriteQueueSize");
const kBuffer = Symbol("kBuffer");
const kOnData = Symbol("kBufferCb");
const kPeer = Symbol("kSocketInfo");
const kBytesRead = Symbol("kBytesRead");
const kBytesWritten = Symbol("kBytesWritten");

const kChunk = 65536;
const newBuffer = () => new Uint8Array(kChunk);

function Socket(options) {
  if (!FunctionPrototypeSymbolHasInstance(Socket, this)) return new Socket(options);
  checkOptions(options);
  // As a stream it destroys itself, but "close" is this class's business; handles know only bytes.
  const settings = { ...options, allowHalfOpen: !!options?.allowHalfOpen, emitClose: false, autoDestroy: true, decodeStrings: false, readable: true, writable: true };
  const { signal } = settings;
  initialize(this);
  FunctionPrototypeCall(Duplex, this, settings);
  if (settings.handle) {
    validateObject(settings.handle, "options.handle");
    this._handle = settings.handle;
  }
  this.on("end", onReadableEnd);
  takeOnRead(this, settings.onread);
  if (signal) abortWith(this, signal);
  return this;
}
ObjectSetPrototypeOf(Socket.prototype, Duplex.prototype);
ObjectSetPrototypeOf(Socket, Duplex);

function checkOptions(options) {
  const invalid = options?.objectMode ? "objectMode" : options?.readableObjectMode ? "readableObjectMode" : options?.writableObjectMode ? "writableObjectMode" : "";
  if (invalid !== "") throw new (errors().ERR_INVALID_ARG_VALUE)(`options.${invalid}`, options[invalid], "is not supported");
  if (options?.keepAliveInitialDelay !== undefined) validateNumber(options.keepAliveInitialDelay, "options.keepAliveInitialDelay");
  // There are no descriptors here.
  if (typeof options === "number" || options?.fd !== undefined) throw new (netErrors().ERR_OPTION_NOT_IMPLEMENTED)("options.fd");
}

function initialize(socket) {
  socket._handle = null;
  socket.connecting = false;
  socket._hadError = false;
  socket._parent = null;
  socket._parentWrap = null;
  socket._host = null;
  socket[kLastWriteSize] = 0;
  socket[kTimer] = 0;
  socket[kPeer] = null;
  socket[kBytesRead] = 0;
  socket[kBytesWritten] = 0;
  socket._closeAfterHandlingError = false;
  socket.autoSelectFamilyAttemptedAddresses = [];
  socket._sockname = null;
  socket._pendingData = null;
  socket._pendingEncoding = "";
}

// `onread` gives the memory to read into, and takes what was read instead of the stream.
function takeOnRead(socket, onread) {
  socket[kBuffer] = newBuffer;
  socket[kOnData] = undefined;
  if (typeof onread !== "object" || onread === null || typeof onread.callback !== "function") return;
  const { buffer, callback } = onread;
  if (typeof buffer === "function") socket[kBuffer] = buffer;
  else if (isUint8Array(buffer)) socket[kBuffer] = () => buffer;
  else return;
  socket[kOnData] = callback;
}

// An aborted socket connects no more; one that is connected goes on.
function abortWith(socket, signal) {
  validateAbortSignal(signal, "options.signal");
  queueMicrotask(() => {
    const onAbort = () => {
      socket._aborted = true;
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { __proto__: null, once: true });
  });
}

const proto = Socket.prototype;

// Timeouts.

function clearTimer(socket) {
  if (socket[kTimer] !== 0) stop(socket[kTimer]);
  socket[kTimer] = 0;
}

function startTimer(socket, msecs) {
  socket[kTimer] = start(context.requireContext(), () => socket._onTimeout(), undefined, msecs, false);
}

/** Stops the timers of a socket and of those it is wrapped around. */
function clearTimers(socket) {
  for (let s = socket; s; s = s._parentWrap) clearTimer(s);
}

// Something has happened: the time starts again.
proto._unrefTimer = function _unrefTimer() {
  for (let s = this; s; s = s._parentWrap) {
    if (!s[kTimer]) continue;
    clearTimer(s);
    startTimer(s, timerDuration(s.timeout, "msecs"));
  }
};

proto.setTimeout = function (msecs, callback) {
  if (this.destroyed) return this;
  this.timeout = msecs;
  const duration = timerDuration(msecs, "msecs");
  clearTimer(this);
  if (duration !== 0) startTimer(this, duration);
  if (callback === undefined) return this;
  validateFunction(callback, "callback");
  if (duration === 0) this.removeListener("timeout", callback);
  else this.once("timeout", callback);
  return this;
};

proto._onTimeout = function () {
  const last = this[kLastWriteSize];
  const handle = this._handle;
  // While a write is on its way the other side is not idle.
  if (last > 0 && handle && last !== handle.writeQueueSize) {
    this[kLastWriteSize] = handle.writeQueueSize;
    this._unrefTimer();
    return;
  }
  this.emit("timeout");
};

// Addresses.

proto._getpeername = function () {
  return this._handle === null || this[kPeer] === null ? {} : { ...this[kPeer] };
};

proto._getsockname = function () {
  if (this._handle === null) return {};
  // The platform does not tell.
  this._sockname ??= { address: "0.0.0.0", port: 0, family: "IPv4" };
  return this._sockname;
};

proto.address = function () {
  return this._getsockname();
};

// Writing.

const kNotOpen = "This WritableStream has been closed.";

function joined(chunks) {
  const buffers = [];
  for (let i = 0; i < chunks.length; i++) {
    const { chunk, encoding } = chunks[i];
    ArrayPrototypePush(buffers, typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
  }
  return Buffer.concat(buffers);
}

function bytesOf(data, encoding, writev) {
  if (writev) return joined(data);
  return typeof data === "string" ? Buffer.from(data, encoding) : data;
}

// Writes once there is a connection.
function writeLater(socket, writev, data, encoding, cb) {
  socket._pendingData = data;
  socket._pendingEncoding = encoding;
  const onClose = () => cb(new (netErrors().ERR_SOCKET_CLOSED_BEFORE_CONNECTION)());
  socket.once("connect", () => {
    socket.off("close", onClose);
    socket._writeGeneric(writev, data, encoding, cb);
  });
  socket.once("close", onClose);
}

function onWritten(socket) {
  const size = socket[kLastWriteSize] ?? 0;
  if (socket._handle !== null) socket._handle.bytesWritten += size;
  else socket[kBytesWritten] += size;
  socket[kLastWriteSize] = 0;
  socket._unrefTimer();
}

proto._writeGeneric = function (writev, data, encoding, cb) {
  if (this.connecting) {
    writeLater(this, writev, data, encoding, cb);
    return undefined;
  }
  this._pendingData = null;
  this._pendingEncoding = "";
  if (this._handle === null || this._handle.writer === undefined) {
    cb(new (netErrors().ERR_SOCKET_CLOSED)());
    return false;
  }
  try {
    this._unrefTimer();
    const bytes = bytesOf(data, encoding, writev);
    this[kLastWriteSize] = bytes.byteLength;
    PromisePrototypeThen(
      this._handle.writer.write(bytes),
      () => {
        onWritten(this);
        cb();
      },
      (error) => {
        this[kLastWriteSize] = 0;
        this._unrefTimer();
        cb(writev || error?.message !== kNotOpen ? error : undefined);
      },
    );
  } catch (error) {
    this.destroy(error);
  }
  return undefined;
};

proto._writev = function (chunks, cb) {
  this._writeGeneric(true, chunks, "", cb);
};

proto._write = function (data, encoding, cb) {
  this._writeGeneric(false, data, encoding, cb);
};

proto._final = function (cb) {
  if (this.connecting) {
    this.once("connect", () => this._final(cb));
  } else if (this._handle === null) {
    cb();
  } else {
    PromisePrototypeThen(this._handle.writer.close(), () => cb(), (error) => cb(error?.message === kNotOpen ? undefined : error));
  }
};

proto.end = function (data, encoding, cb) {
  FunctionPrototypeCall(Duplex.prototype.end, this, data, encoding, cb);
  return this;
};

// Once all is read, the socket takes no more either, unless it may be half open.
function writeAfterEnd(chunk, encoding, cb) {
  if (!this.writableEnded) return FunctionPrototypeCall(Duplex.prototype.write, this, chunk, encoding, cb);
  const callback = typeof encoding === "function" ? encoding : cb;
  const error = new (netErrors().EPIPE)();
  if (typeof callback === "function") queueMicrotask(() => callback(error));
  this.destroy(error);
  return false;
}

function onReadableEnd() {
  if (!this.allowHalfOpen) this.write = writeAfterEnd;
}

// Reading.

function wantRead(socket) {
  if (!socket.connecting && socket._handle && !socket._handle.reading) readStart(socket);
}

/** Reads until the stream is full, somebody pauses it, or all is read. */
function readStart(socket) {
  if (socket._handle === null) return;
  socket._handle.reading = true;
  readLoop(socket, socket._handle);
}

// An error of the connection comes by `closed`, too.
async function readLoop(socket, handle) {
  try {
    while (handle.reading === true && socket._handle === handle) {
      const memory = socket[kBuffer]();
      if (memory === undefined || memory === null || memory.length === 0) break;
      const { value, done } = await handle.reader.read(memory);
      if (socket.destroyed) break;
      socket._unrefTimer();
      if (done) {
        handle.ended = true;
        socket.push(null);
        break;
      }
      const size = TypedArrayPrototypeGetByteLength(value);
      if (size === 0) continue;
      handle.bytesRead += size;
      if (!give(socket, value, size)) break;
    }
  } catch {
  } finally {
    handle.reading = false;
  }
}

// Whether there may be more.
function give(socket, value, size) {
  const buffer = Buffer.from(TypedArrayPrototypeGetBuffer(value), TypedArrayPrototypeGetByteOffset(value), size);
  const onData = socket[kOnData];
  return onData === undefined ? socket.push(buffer) : onData(size, buffer) !== false;
}

proto.pause = function () {
  if (!this.connecting && this._handle?.reading && !this.destroyed) this._handle.reading = false;
  return FunctionPrototypeCall(Duplex.prototype.pause, this);
};

proto.resume = function () {
  wantRead(this);
  return FunctionPrototypeCall(Duplex.prototype.resume, this);
};

proto.read = function (n) {
  wantRead(this);
  return FunctionPrototypeCall(Duplex.prototype.read, this, n);
};

proto._read = function (n) {
  if (this.connecting || !this._handle) this.once("connect", () => this._read(n));
  else if (!this._handle.reading) readStart(this);
};

// The end.

proto._reset = function () {
  this.resetAndClosing = true;
  return this.destroy();
};

proto.resetAndDestroy = function () {
  if (!this._handle) this.destroy(new (netErrors().ERR_SOCKET_CLOSED)());
  else if (this.connecting) this.once("connect", () => this._reset());
  else this._reset();
  return this;
};

proto.destroySoon = function () {
  if (this.writable) this.end();
  if (this.writableFinished) this.destroy();
  else this.once("finish", () => this.destroy());
};

proto._destroy = function (exception, cb) {
  this.connecting = false;
  clearTimers(this);
  if (this._handle === null) {
    afterDestroy(this, cb, exception);
    return;
  }
  PromisePrototypeThen(
    this._handle.socket.close(),
    () => afterDestroy(this, cb, exception),
    (error) => afterDestroy(this, cb, error || exception),
  );
};

function afterDestroy(socket, cb, error) {
  if (socket._handle !== null) {
    socket[kBytesRead] = socket._handle.bytesRead;
    socket[kBytesWritten] = socket._handle.bytesWritten;
    socket.resetAndClosing = false;
  }
  socket[kLastWriteSize] = 0;
  socket[kPeer] = null;
  cb(error);
  if (error === null || error === undefined) socket.emit("close", false);
  // After the error, which comes a tick later.
  else queueMicrotask(() => socket.emit("close", true));
}

// Connecting.

proto.connect = function (...args) {
  const [options, cb] = isNormalized(args[0]) ? args[0] : normalizeArgs(args);
  if (this.connecting) throw new (netErrors().ERR_SOCKET_CONNECTING)();
  if (this._aborted) {
    const error = new (errors().AbortError)();
    if (cb === null) throw error;
    cb(error);
    return undefined;
  }
  if (cb !== null) this.once("connect", cb);
  if (this._parentWrap?.connecting) return this;
  if (options.port === undefined && (options.path === undefined || options.path === null)) {
    throw new (errors().ERR_MISSING_ARGS)(["options", "port", "path"]);
  }
  if (this.write !== Socket.prototype.write) this.write = Socket.prototype.write;
  if (options.path !== undefined && options.path !== null) {
    throw new (errors().ERR_INVALID_ARG_VALUE)("path", options.path, "is not supported");
  }
  this[kBytesRead] = 0;
  this[kBytesWritten] = 0;
  const go = () => connectSocket(this, options);
  // It may have been connected before.
  if (this._handle) PromisePrototypeThen(this._handle.socket.close(), go, go);
  else go();
  return this;
};

/** The connection is there. */
function onOpened(socket) {
  if (socket.destroyed) return;
  socket.connecting = false;
  socket._sockname = null;
  socket._unrefTimer();
  socket.emit("connect");
  socket.emit("ready");
  if (!socket.isPaused()) readStart(socket);
}

/** The connection is over. */
function onClosed(socket) {
  if (socket._handle?.socket.upgraded) return;
  clearTimers(socket);
  // A stream that flows comes to its end itself; of others nobody reads, who may wait for it all the same.
  const comes = socket.readableEnded || (socket._handle?.ended && socket.readableFlowing);
  if (!socket.destroyed && !comes) socket.emit("end");
}

/** Gives `socket` a connection of the platform; `where` is { host, port, addressType }. */
function attach(socket, connection, where, reading) {
  const handle = {
    socket: connection,
    writer: connection.writable.getWriter(),
    reader: connection.readable.getReader({ mode: "byob" }),
    bytesRead: 0,
    bytesWritten: 0,
    reading,
    options: where,
  };
  socket._handle = handle;
  PromisePrototypeThen(
    connection.opened,
    () => onOpened(socket),
    (error) => onFailed(socket, where, toSystemError(connection, where, error)),
  );
  PromisePrototypeThen(
    connection.closed,
    () => onClosed(socket),
    (error) => socket.destroy(toSystemError(connection, where, error)),
  );
}

function onFailed(socket, { host, port, addressType }, error) {
  if (isLookupFailure(error)) socket.emit("lookup", error, null, null, host);
  else socket.emit("connectionAttemptFailed", host, port, addressType, error);
  socket.destroy(error);
}

// What there is nothing to do for.

proto.setNoDelay = function (enable) {
  return this;
};

proto.setKeepAlive = function (enable, initialDelay) {
  return this;
};

proto.ref = function () {};

proto.unref = function () {};

// Accessors.

// What has not been handed to the connection counts as written.
function countWritten(socket) {
  const data = socket._pendingData;
  const flushed = socket._bytesDispatched;
  if (!socket.writableBuffer) return undefined;
  if (!data) return socket.writableLength + flushed;
  if (!ArrayIsArray(data)) return flushed + (typeof data === "string" ? Buffer.byteLength(data, socket._pendingEncoding) : data.length);
  let count = flushed;
  for (let i = 0; i < data.length; i++) {
    const { chunk, encoding } = data[i];
    count += typeof chunk === "string" ? Buffer.byteLength(chunk, encoding) : chunk.length;
  }
  return count;
}

function readyState(socket) {
  if (socket.connecting) return "opening";
  if (socket.readable) return socket.writable ? "open" : "readOnly";
  return socket.writable ? "writeOnly" : "closed";
}

const hidden = {
  __proto__: null,
  _connecting: (socket) => socket.connecting,
  readyState,
  bufferSize: (socket) => (socket._handle ? socket.writableLength : undefined),
};
const shown = {
  __proto__: null,
  bytesRead: (socket) => (socket._handle ? socket._handle.bytesRead : socket[kBytesRead]),
  _bytesDispatched: (socket) => (socket._handle ? socket._handle.bytesWritten : socket[kBytesWritten]),
  bytesWritten: countWritten,
  remoteAddress: (socket) => socket._getpeername().address,
  remoteFamily: (socket) => socket._getpeername().family,
  remotePort: (socket) => socket._getpeername().port,
  localAddress: (socket) => socket._getsockname().address,
  localPort: (socket) => socket._getsockname().port,
  localFamily: (socket) => socket._getsockname().family,
};

function defineGetters(table, enumerable) {
  const names = ObjectKeys(table);
  for (let i = 0; i < names.length; i++) {
    const read = table[names[i]];
    ObjectDefineProperty(proto, names[i], {
      __proto__: null,
      enumerable,
      get() {
        return read(this);
      },
    });
  }
}
defineGetters(hidden, false);
defineGetters(shown, true);
// Classes of packages have a property of their own of this name.
ObjectDefineProperty(proto, "pending", {
  __proto__: null,
  configurable: true,
  get() {
    return !this._handle || this.connecting;
  },
});

module.exports = { Socket, attach, kPeer, onOpened, onClosed, readStart };
