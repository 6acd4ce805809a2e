"use strict";
// tls.TLSSocket: a net.Socket whose connection the platform encrypts. https://nodejs.org/docs/latest-v22.x/api/tls.html#class-tlstlssocket

const { Error, FunctionPrototypeBind, FunctionPrototypeCall, FunctionPrototypeSymbolHasInstance, ObjectAssign, ObjectDefineProperty, ObjectSetPrototypeOf, PromisePrototypeThen, Symbol } =
  primordials;
const errors = require.lazy("node/internal_errors");
const netErrors = require.lazy("node/internal_net_errors");
const { normalizeArgs } = require("node/internal_net_args");
const { Socket, attach, readStart } = require("node/internal_net_socket");
const { SecureContext } = require("node/internal_tls_context");
const { isArrayBufferView } = require("node/util_types");
const { validateFunction, validateInt32, validateNumber, validateObject, validateString, validateUint32 } = require("node/internal_validators");
const { queueMicrotask } = require("web/timers");
const { state } = require("core/worker");

const kVerified = Symbol("verified");
const kPendingSession = Symbol("pendingSession");
const kConnectOptions = Symbol("connect-options");

// What the platform decides itself, and servers.
const kRefused = ["enableTrace", "isServer", "server", "requestCert", "requestOCSP"];
const kRefusedIfGiven = ["ALPNProtocols", "SNICallback", "pskCallback"];

const notImplemented = (name) => new (netErrors().ERR_OPTION_NOT_IMPLEMENTED)(`options.${name}`);

function checkOptions(options) {
  for (let i = 0; i < kRefused.length; i++) if (options[kRefused[i]]) throw notImplemented(kRefused[i]);
  if (options.rejectUnauthorized === false) throw notImplemented("rejectUnauthorized");
  for (let i = 0; i < kRefusedIfGiven.length; i++) if (options[kRefusedIfGiven[i]] !== undefined) throw notImplemented(kRefusedIfGiven[i]);
  if (options.secureContext !== undefined && !FunctionPrototypeSymbolHasInstance(SecureContext, options.secureContext)) {
    throw new (netErrors().ERR_TLS_INVALID_CONTEXT)("context");
  }
  checkIdentityOption(options);
}

function checkIdentityOption({ checkServerIdentity }) {
  if (checkServerIdentity === undefined) return;
  validateFunction(checkServerIdentity, "options.checkServerIdentity");
  if (state.flags.throw_on_not_implemented_tls_options) throw notImplemented("checkServerIdentity");
}

function TLSSocket(socket, opts) {
  if (!FunctionPrototypeSymbolHasInstance(TLSSocket, this)) return new TLSSocket(socket, opts);
  const options = { ...opts };
  checkOptions(options);
  this._tlsOptions = options;
  this._secureEstablished = false;
  this._securePending = false;
  this._newSessionPending = false;
  this._controlReleased = false;
  this.secureConnecting = true;
  this.servername = options.servername ?? null;
  this.authorized = false;
  this[kVerified] = false;
  this[kPendingSession] = null;
  this.encrypted = true;
  let wrap = null;
  if (socket) wrap = FunctionPrototypeSymbolHasInstance(Socket, socket) ? socket : new (require("node/internal_tls_stream").JSStreamSocket)(socket);
  const handle = wrap === null ? null : wrap._handle;
  FunctionPrototypeCall(Socket, this, {
    handle: this._wrapHandle(wrap, handle, wrap !== null && wrap.writableLength > 0),
    allowHalfOpen: socket ? socket.allowHalfOpen : options.allowHalfOpen,
    highWaterMark: options.highWaterMark,
    onread: socket ? null : options.onread,
    signal: options.signal,
  });
  this._parent = handle;
  this._parentWrap = wrap;
  this.ssl = this._handle;
  this.on("error", FunctionPrototypeBind(this._tlsError, this));
  this._init();
  return this;
}
ObjectSetPrototypeOf(TLSSocket.prototype, Socket.prototype);
ObjectSetPrototypeOf(TLSSocket, Socket);

const proto = TLSSocket.prototype;

function onWrappedClose() {
  this._destroySSL();
}

proto._wrapHandle = function _wrapHandle(wrap, handle, active) {
  if (!handle) return null;
  if (this.listenerCount("close", onWrappedClose) === 0) this.once("close", onWrappedClose);
  wrap.once("close", () => this.destroy());
  return handle;
};

proto._destroySSL = function _destroySSL() {
  if (!this._handle) return;
  PromisePrototypeThen(
    this._handle.socket.close(),
    () => {
      this[kPendingSession] = null;
      this[kVerified] = false;
    },
    () => {},
  );
};

// The first error.
function onError(socket, error) {
  if (socket._hadError) return;
  socket._hadError = true;
  if (socket._secureEstablished) socket._emitTLSError(error);
  else socket.destroy(error);
}

proto._init = function _init() {
  this.on("error", (error) => onError(this, error));
  const { handshakeTimeout } = this._tlsOptions;
  if (handshakeTimeout > 0) this.setTimeout(handshakeTimeout, FunctionPrototypeBind(this._handleTimeout, this));
  const wrap = this._parentWrap;
  if (typeof wrap?.readStart !== "function") {
    this.on("connect", () => this._finishInit());
    return;
  }
  // A stream of the program is connected already.
  queueMicrotask(() => {
    this._finishInit();
    wrap.readStart();
    readStart(this);
  });
};

proto._handleTimeout = function _handleTimeout() {
  this._emitTLSError(new (netErrors().ERR_TLS_HANDSHAKE_TIMEOUT)());
};

proto._emitTLSError = function _emitTLSError(error) {
  const e = this._tlsError(error);
  if (e) this.emit("error", e);
};

proto._tlsError = function _tlsError(error) {
  this.emit("_tlsError", error);
  return this._controlReleased ? error : null;
};

proto._releaseControl = function _releaseControl() {
  if (this._controlReleased) return false;
  this._controlReleased = true;
  return true;
};

proto._finishInit = function _finishInit() {
  if (!this._handle) return;
  this._secureEstablished = true;
  if (this._tlsOptions.handshakeTimeout > 0) this.setTimeout(0, FunctionPrototypeBind(this._handleTimeout, this));
  this.emit("secure");
};

/** Begins TLS on the connection that is there, or will be. */
proto._start = function _start() {
  if (this.connecting) {
    this.once("connect", () => this._start());
    return;
  }
  const wrap = this._parentWrap;
  if (wrap && !wrap._handle) {
    wrap.once("connect", () => {
      if (wrap._handle) this._handle = wrap._handle;
      this._start();
    });
    return;
  }
  if (this._handle?.socket.secureTransport === "starttls") startTls(this);
};

function startTls(socket) {
  const handle = socket._handle;
  handle.writer.releaseLock();
  handle.reader.releaseLock();
  try {
    const how = socket.servername === null ? undefined : { expectedServerHostname: socket.servername };
    attach(socket, handle.socket.startTls(how), handle.options, true);
    socket.encrypted = true;
  } catch (error) {
    socket.destroy(error);
  }
}

// What cannot be changed, or is not told.

proto.disableRenegotiation = function disableRenegotiation() {};

proto.renegotiate = function (options, callback) {
  validateObject(options, "options");
  if (callback !== undefined) validateFunction(callback, "callback");
  return false;
};

proto.exportKeyingMaterial = function exportKeyingMaterial(length, label, context) {
  validateUint32(length, "length", true);
  validateString(label, "label");
  if (context !== undefined && !isArrayBufferView(context)) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("context", ["Buffer", "TypedArray", "DataView"], context);
  }
  throw new Error("exportKeyingMaterial is not implemented");
};

proto.setMaxSendFragment = function setMaxSendFragment(size) {
  validateInt32(size, "size");
  return false;
};

proto.setServername = function setServername(name) {
  validateString(name, "name");
  this.servername = name;
};

proto.setSession = function (session) {};

proto.getPeerCertificate = function (detailed) {
  throw new Error("getPeerCertificate is not implemented");
};

proto.getCertificate = function () {
  throw new Error("TLSSocket.getCertificate is not implemented");
};

proto.getPeerX509Certificate = function (detailed) {
  throw new Error("TLSSocket.getPeerX509Certificate is not implemented");
};

proto.getX509Certificate = function () {
  throw new Error("TLSSocket.getX509Certificate is not implemented");
};

proto.setKeyCert = function (context) {
  throw new Error("TLSSocket.setKeyCert is not implemented");
};

const kUntold = [
  "getCipher",
  "getSharedSigalgs",
  "getEphemeralKeyInfo",
  "getFinished",
  "getPeerFinished",
  "getProtocol",
  "getSession",
  "getTLSTicket",
  "isSessionReused",
  "enableTrace",
];
for (let i = 0; i < kUntold.length; i++) {
  ObjectDefineProperty(proto, kUntold[i], { __proto__: null, value: () => null, writable: true, enumerable: true, configurable: true });
}

// connect()

function onSecure() {
  this.authorized = true;
  this.secureConnecting = false;
  this.emit("secureConnect");
  this[kVerified] = true;
  this.removeListener("end", onEarlyEnd);
}

function onEarlyEnd() {
  if (this._hadError) return;
  this._hadError = true;
  const error = new (netErrors().ConnResetException)("Client network socket disconnected before secure TLS connection was established");
  const { path, host, port, localAddress } = this[kConnectOptions] ?? {};
  this.destroy(ObjectAssign(error, { path, host, port, localAddress }));
}

// connect(options), connect(port, options) and connect(port, host, options), each with or without a callback.
function connectArguments(list) {
  const args = normalizeArgs(list);
  const more = typeof list[1] === "object" && list[1] !== null ? list[1] : list[2];
  if (typeof more === "object" && more !== null) ObjectAssign(args[0], more);
  return args;
}

function checkConnectOptions(options) {
  if (options.minDHSize !== undefined) {
    validateNumber(options.minDHSize, "options.minDHSize");
    throw notImplemented("minDHSize");
  }
  if (options.rejectUnauthorized === false) throw notImplemented("rejectUnauthorized");
  if (options.pskCallback !== undefined) throw notImplemented("pskCallback");
  checkIdentityOption(options);
}

function connect(...list) {
  const [options, cb] = connectArguments(list);
  checkConnectOptions(options);
  const { allowHalfOpen, ALPNProtocols, enableTrace, highWaterMark, secureContext, onread, signal, lookup, servername, session, timeout } = options;
  const wrapped = options.socket;
  const socket = new TLSSocket(wrapped, { allowHalfOpen, pipe: !!options.path, ALPNProtocols, enableTrace, highWaterMark, secureContext, onread, signal, lookup, rejectUnauthorized: true });
  socket[kConnectOptions] = options;
  if (servername !== undefined) socket.servername = servername;
  if (cb) socket.once("secureConnect", cb);
  if (!wrapped) {
    if (timeout) socket.setTimeout(timeout);
    socket.connect(options, () => socket._start());
  }
  socket._releaseControl();
  if (session) socket.setSession(session);
  if (wrapped) socket._start();
  socket.on("secure", onSecure);
  socket.prependListener("end", onEarlyEnd);
  return socket;
}

module.exports = { TLSSocket, connect };
