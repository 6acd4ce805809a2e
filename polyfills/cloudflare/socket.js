"use strict";
// TCP sockets: connect() and the connect handler. https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/

const { Error, PromisePrototypeThen, PromiseResolve, ReflectApply, RegExpPrototypeExec, StringPrototypeSlice, StringPrototypeStartsWith, TypeError } = primordials;
const context = require("core/context");
const { async, asyncIn } = require("core/ops");
const { holdContext } = require("core/stream_export");
const { define, illegalConstructor, isObject, kConstruct, parameterError, toBoolean, toDOMString, toPort, toUnsignedLongLong } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { Deferred, setHandled } = require("web/streams_queue");
const { createReadableStream } = require("web/streams_readable").internals;
const { createWritableStream } = require("web/streams_writable").internals;
const { parseHref } = require("web/url").internals;
const { SocketReadable, SocketSink } = require("cloudflare/socket_streams");

const kRefused = "proxy request failed, cannot connect to the specified address";
const kHTTP = ". It looks like you might be trying to connect to a HTTP-based service \u2014 consider using fetch instead";
const kNeutered = "Can't read from request stream because client disconnected.";
const kThrew = "Can't read from request stream after responding with an exception.";

const missing = (type) =>
  new TypeError(`Cannot initialize N7workerd3api${type.length}${type}E with required members from an undefined or null value.`);

/** A promise that scripts may leave alone. */
class Outcome extends Deferred {
  constructor() {
    super();
    setHandled(this.promise);
  }
}

class SocketState {
  context;
  /** "host:port" as it was given, and what `opened` says. */
  address;
  info;
  /** The name for which TLS asks for a certificate; undefined if there is nothing to upgrade. */
  domain;
  tls;
  halfOpen;
  highWaterMark;
  opened = new Outcome();
  closed = new Outcome();
  upgraded = false;
  /** What the host said of a connection that it could not make: text, maybe a code of the system. */
  cause = "";
  gone = false;
  readable;
  sink;
  #closing = false;
  /** Whether there is a connection, or may still be one. */
  #alive = true;
  #streams = [];

  constructor(ctx, options) {
    this.context = ctx;
    this.tls = options.tls;
    this.halfOpen = options.halfOpen;
    this.highWaterMark = options.highWaterMark;
    this.readable = new SocketReadable(ctx, this);
    this.sink = new SocketSink(options.highWaterMark, this);
  }

  /** [ReadableStream, WritableStream] */
  get streams() {
    if (this.#streams.length === 0) this.#streams = [createReadableStream(this.readable), createWritableStream(this.sink.writable)];
    return this.#streams;
  }

  /** Waits for the host's word, a promise of the body to read from. */
  await(connection, refusal) {
    PromisePrototypeThen(
      connection,
      (rid) => {
        this.readable.open(rid);
        this.opened.resolve(this.info);
      },
      (error) => {
        this.cause = error.message;
        this.#refuse(refusal === undefined ? error : new Error(refusal));
      },
    );
  }

  #refuse(error) {
    this.#alive = false;
    this.closed.reject(error);
    this.opened.reject(error);
    this.readable.refuse();
    this.sink.refuse(error);
  }

  /** All has been read: unless it may be half open, it closes when all is written. */
  onEnd() {
    if (this.halfOpen) return;
    PromisePrototypeThen(
      this.sink.closeAfterWrites(),
      () => this.closed.resolve(undefined),
      (error) => this.closed.reject(error),
    );
  }

  /** The other side takes nothing any more. */
  onGone() {
    this.gone = true;
    this.closed.resolve(undefined);
  }

  close() {
    if (this.#closing) return PromisePrototypeThen(this.closed.promise, () => {});
    this.#closing = true;
    this.readable.setClosing();
    this.sink.setClosing();
    const flushed = PromisePrototypeThen(this.opened.promise, () => this.sink.flush());
    return PromisePrototypeThen(
      flushed,
      () => this.shutDown(),
      (error) => this.closed.reject(error),
    );
  }

  shutDown(reason) {
    this.#alive = false;
    this.readable.shutDown(reason);
    this.sink.shutDown(reason);
    this.closed.resolve(undefined);
  }

  /** The state of the TLS socket that takes this one's place. */
  startTls(hostname) {
    if (this.tls === "on") throw new TypeError("Cannot startTls on a TLS socket.");
    if (!this.#alive) throw new TypeError("The connection was closed before startTls could be started.");
    if (this.tls !== "starttls") throw new TypeError("The `secureTransport` socket option must be set to 'starttls' for startTls to be used.");
    const secure = new SocketState(this.context, { __proto__: null, tls: "on", halfOpen: this.halfOpen, highWaterMark: this.highWaterMark });
    secure.info = this.info;
    const flushed = PromisePrototypeThen(this.opened.promise, () => this.sink.flush());
    PromisePrototypeThen(flushed, () => this.#upgrade(secure, hostname ?? this.domain), (error) => secure.closed.reject(error));
    return secure;
  }

  #upgrade(secure, hostname) {
    if (!this.#alive) {
      secure.closed.reject(new TypeError("The connection was closed before startTls completed."));
      return;
    }
    const { rid } = this.readable;
    try {
      this.sink.checkLock();
      this.readable.detach();
    } catch (error) {
      secure.closed.reject(error);
      return;
    }
    this.#alive = false;
    this.upgraded = true;
    this.closed.resolve(undefined);
    secure.await(asyncIn(this.context, ops.op_socket_start_tls, rid, hostname, secure.sink.export()), undefined);
    this.sink.detach();
  }
}

// Set by the class, which alone knows the private field.
let causeOf;

class Socket {
  #state;

  static {
    causeOf = (socket) => socket.#state.cause;
  }

  constructor(token = undefined, state = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#state = state;
  }

  get readable() {
    return Socket.#check(this).streams[0];
  }

  get writable() {
    return Socket.#check(this).streams[1];
  }

  get closed() {
    return Socket.#check(this).closed.promise;
  }

  get opened() {
    return Socket.#check(this).opened.promise;
  }

  get upgraded() {
    return Socket.#check(this).upgraded;
  }

  get secureTransport() {
    return Socket.#check(this).tls;
  }

  close() {
    return Socket.#check(this).close();
  }

  startTls(options = undefined) {
    const state = Socket.#check(this);
    let hostname;
    if (options !== undefined && options !== null) {
      if (!isObject(options)) throw parameterError("startTls", "Socket", 1, "TlsOptions");
      const { expectedServerHostname } = options;
      if (expectedServerHostname !== undefined) hostname = toDOMString(expectedServerHostname);
    }
    return wrap(state.startTls(hostname));
  }

  static #check(value) {
    if (!isObject(value) || !(#state in value)) throw illegalInvocation();
    return value.#state;
  }
}
define(Socket, "Socket");

const wrap = (state) => new Socket(kConstruct, state);

// connect()

// "fake://user@host:port/path"
const kAuthority = /^fake:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?/;
const kAddress = /^[-._[\]:0-9A-Za-z]{1,255}$/;

/** { domain, port, text } of connect()'s first argument. */
function readAddress(value) {
  if (value === undefined || value === null) throw missing("SocketAddress");
  if (isObject(value)) {
    const { hostname, port } = value;
    const domain = toDOMString(hostname);
    const number = toPort(port);
    return { __proto__: null, domain, port: `${number}`, text: `${domain}:${number}` };
  }
  return { __proto__: null, domain: undefined, port: undefined, text: toDOMString(value) };
}

/** Takes the text of an address apart, which the URL parser does. */
function parseAddress(address) {
  if (address.domain === undefined) {
    const href = parseHref(`fake://${address.text}`);
    if (href === undefined) throw new TypeError("Specified address could not be parsed.");
    const match = RegExpPrototypeExec(kAuthority, href);
    if (match[1] === "") throw new TypeError("Specified address is missing hostname.");
    if (match[2] === undefined) throw new TypeError("Specified address is missing port.");
    address.domain = match[1];
    address.port = match[2];
  }
  if (RegExpPrototypeExec(kAddress, address.text) === null) {
    throw new TypeError("Specified address is empty string, contains unsupported characters or is too long.");
  }
}

function readOptions(options, iface) {
  const read = { __proto__: null, tls: "off", halfOpen: false, highWaterMark: undefined };
  if (options === undefined) return read;
  if (options === null) throw missing("SocketOptions");
  if (!isObject(options)) throw parameterError("connect", iface, 2, "SocketOptions");
  const { secureTransport, allowHalfOpen, highWaterMark } = options;
  if (secureTransport !== undefined) read.tls = toDOMString(secureTransport);
  read.halfOpen = toBoolean(allowHalfOpen);
  if (highWaterMark !== undefined) read.highWaterMark = toUnsignedLongLong(highWaterMark);
  return read;
}

/** connect() on the outbound or a service. */
function connectOn(target, where, how, iface) {
  const address = readAddress(where);
  const options = readOptions(how, iface);
  const ctx = context.requireContext();
  parseAddress(address);
  if (target === 0) {
    const service = require("cloudflare/virtual_hosts").serviceAt(address.text);
    if (service !== undefined) return connectOn(require("cloudflare/service_stub").targetOf(service), address.text, undefined, "Fetcher");
  }
  const { tls } = options;
  ops.op_socket_check(ctx.id, target, tls === "on");
  if (tls !== "off" && tls !== "on" && tls !== "starttls") throw new TypeError(`Unsupported value in secureTransport socket option: ${tls}`);
  const state = new SocketState(ctx, options);
  state.domain = StringPrototypeStartsWith(address.domain, "[") ? StringPrototypeSlice(address.domain, 1, -1) : address.domain;
  state.info = { remoteAddress: address.text, localAddress: undefined };
  const refusal = address.port === "443" || address.port === "80" ? kRefused + kHTTP : kRefused;
  state.await(async(ops.op_socket_connect, target, address.text, tls, state.domain, state.sink.export()), refusal);
  return wrap(state);
}

// The connect handler.

function handlerOf(ctx, name, props, caps) {
  const { construct, entrypoint, kEntrypoint, makeExecutionContext, state } = require("core/worker");
  const found = entrypoint(name);
  const isClass = found.kind === kEntrypoint;
  const receiver = isClass ? construct(found, ctx, props, caps) : found.value;
  const { connect } = receiver;
  if (typeof connect !== "function") throw new Error("Handler does not export a connect() function.");
  return (socket) => ReflectApply(connect, receiver, isClass ? [socket] : [socket, state.env, makeExecutionContext(ctx, props, caps)]);
}

/** Host: somebody connects. The connection lasts as long as the handler runs. */
function onConnect(id, name, props, caps, address, rid) {
  const ctx = context.create(id);
  context.enter(ctx);
  let handler;
  try {
    handler = handlerOf(ctx, name, props, caps);
  } catch (error) {
    const { message } = require("core/report").describeError(error);
    end(ctx, () => ops.op_socket_refuse(id, "Error", message));
    return;
  }
  const state = new SocketState(ctx, { __proto__: null, tls: "off", halfOpen: true, highWaterMark: undefined });
  state.info = { remoteAddress: undefined, localAddress: address };
  state.await(PromiseResolve(rid), undefined);
  const sending = state.sink.export();
  holdContext(sending);
  ops.op_socket_accept(id, sending);
  const finish = (text) =>
    end(ctx, () => {
      state.shutDown(new TypeError(text));
      ops.op_socket_done(id);
    });
  // A handler that fails because there is nobody any more is not to blame.
  const report = (error, text) => {
    if (!state.gone) require("core/report").reportUncaught("exception", error);
    finish(text);
  };
  let result;
  try {
    result = handler(wrap(state));
  } catch (error) {
    report(error, kThrew);
    return;
  }
  PromisePrototypeThen(
    PromiseResolve(result),
    () => finish(kNeutered),
    (error) => report(error, kNeutered),
  );
}

/** Ends the connect event of a context. */
function end(ctx, how) {
  if (ctx.ended) return;
  ctx.answered = true;
  how();
  require("core/dispatch").endIfDone(ctx);
}

/** Why there is no connection, as the host put it; "" if nothing is known. */
const failureOf = (socket) => causeOf(socket);

module.exports = { connectOn, failureOf, onConnect };
