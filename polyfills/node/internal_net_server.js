"use strict";
// net.Server: what the connect handler of the worker brings is its connections. https://nodejs.org/docs/latest-v22.x/api/net.html#class-netserver

const { Number, Promise, StringPrototypeLastIndexOf, StringPrototypeSlice, Symbol } = primordials;
const errors = require.lazy("node/internal_errors");
const netErrors = require.lazy("node/internal_net_errors");
const ports = require("node/internal_http_ports");
const { EventEmitter } = require("node/events");
const { isIPv6 } = require("node/internal_net_address");
const { normalizeArgs } = require("node/internal_net_args");
const { Socket, attach, kPeer } = require("node/internal_net_socket");
const { validateBoolean, validateFunction, validateNumber, validateObject, validateString } = require("node/internal_validators");
const { queueMicrotask } = require("web/timers");

/** The host and the port of "host:port"; an address of version 6 is in brackets. */
function splitAddress(text) {
  const colon = StringPrototypeLastIndexOf(text, ":");
  const host = StringPrototypeSlice(text, 0, colon);
  return { host: host[0] === "[" ? StringPrototypeSlice(host, 1, -1) : host, port: Number(StringPrototypeSlice(text, colon + 1)) };
}

class Server extends EventEmitter {
  // Where it listens: { address, port, family }.
  #address = null;
  #connections = 0;
  #closing = false;
  allowHalfOpen;
  pauseOnConnect;
  noDelay;
  keepAlive;
  keepAliveInitialDelay;
  highWaterMark;
  maxConnections = undefined;

  constructor(options, connectionListener) {
    super();
    if (typeof options === "function") {
      connectionListener = options;
      options = {};
    } else if (options === undefined || options === null) {
      options = {};
    } else {
      validateObject(options, "options");
    }
    if (connectionListener !== undefined) {
      validateFunction(connectionListener, "connectionListener");
      this.on("connection", connectionListener);
    }
    let { keepAliveInitialDelay } = options;
    if (keepAliveInitialDelay !== undefined) {
      validateNumber(keepAliveInitialDelay, "options.keepAliveInitialDelay");
      if (keepAliveInitialDelay < 0) keepAliveInitialDelay = 0;
    }
    this.allowHalfOpen = options.allowHalfOpen ?? false;
    this.pauseOnConnect = !!options.pauseOnConnect;
    this.noDelay = !!options.noDelay;
    this.keepAlive = !!options.keepAlive;
    this.keepAliveInitialDelay = ~~((keepAliveInitialDelay ?? 0) / 1000);
    this.highWaterMark = options.highWaterMark;
  }

  listen(...args) {
    const [options, callback] = normalizeArgs(args);
    if (this.#address !== null) throw new (netErrors().ERR_SERVER_ALREADY_LISTEN)();
    if (callback !== null) this.once("listening", callback);
    const { ERR_INVALID_ARG_VALUE } = errors();
    if (options.path !== undefined && options.path !== null) throw new ERR_INVALID_ARG_VALUE("options.path", options.path, "is not supported");
    if ((options.handle ?? options.fd ?? null) !== null) throw new ERR_INVALID_ARG_VALUE("options", options, "has a handle, which is not supported");
    const given = options.port !== undefined && options.port !== null;
    const port = given ? netErrors().validatePort(options.port, "options.port") : 0;
    validateBoolean(options.reusePort ?? false, "options.reusePort");
    let { host } = options;
    if (host === undefined) host = options.ipv6Only ? "::" : "0.0.0.0";
    validateString(host, "options.host");
    if (host === "localhost") host = "127.0.0.1";
    this.#open(host, port);
    return this;
  }

  #open(host, port) {
    let bound;
    try {
      bound = ports.bind(host, port, { connect: (socket) => this.#onConnection(socket) });
    } catch (error) {
      queueMicrotask(() => this.emit("error", error));
      return;
    }
    this.#address = { address: host, port: bound, family: isIPv6(host) ? "IPv6" : "IPv4" };
    this.#closing = false;
    queueMicrotask(() => this.emit("listening"));
  }

  get listening() {
    return this.#address !== null;
  }

  address() {
    return this.#address;
  }

  /** A connection that a connect handler was given; the promise is for its end. */
  async #onConnection(connection) {
    const { localAddress, remoteAddress } = await connection.opened;
    const local = splitAddress(localAddress);
    if (this.maxConnections !== undefined && this.#connections >= this.maxConnections) {
      this.emit("drop", { localAddress: local.host, localPort: local.port, localFamily: isIPv6(local.host) ? "IPv6" : "IPv4" });
      await connection.close();
      return;
    }
    const socket = new Socket({ allowHalfOpen: this.allowHalfOpen, highWaterMark: this.highWaterMark });
    socket.server = this;
    socket.connecting = true;
    if (remoteAddress !== undefined) {
      const remote = splitAddress(remoteAddress);
      socket[kPeer] = { address: remote.host, port: remote.port, family: isIPv6(remote.host) ? "IPv6" : "IPv4" };
    }
    this.#connections++;
    const ended = new Promise((resolve) => socket.once("close", resolve));
    attach(socket, connection, local, false);
    socket.once("connect", () => {
      if (this.pauseOnConnect) socket.pause();
      this.emit("connection", socket);
    });
    await ended;
    this.#connections--;
    this.#closeIfDone();
  }

  #closeIfDone() {
    if (!this.#closing || this.#connections > 0) return;
    this.#closing = false;
    queueMicrotask(() => this.emit("close"));
  }

  close(callback) {
    if (typeof callback === "function") {
      if (this.#address === null) this.once("close", () => callback(new (netErrors().ERR_SERVER_NOT_RUNNING)()));
      else this.once("close", callback);
    }
    if (this.#address !== null) ports.release(this.#address.port);
    this.#address = null;
    this.#closing = true;
    this.#closeIfDone();
    return this;
  }

  getConnections(callback) {
    validateFunction(callback, "callback");
    queueMicrotask(() => callback(null, this.#connections));
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  async [Symbol.asyncDispose]() {
    if (this.#address === null) return;
    await new Promise((resolve, reject) => this.close((error) => (error ? reject(error) : resolve())));
  }
}

function createServer(options, connectionListener) {
  return new Server(options, connectionListener);
}

module.exports = { Server, createServer, splitAddress };
