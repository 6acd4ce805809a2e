"use strict";
// crypto.DigestStream: a WritableStream that digests what is written to it.
// https://developers.cloudflare.com/workers/runtime-apis/web-crypto/#constructors

const { ArrayBufferIsView, BigInt, PromiseReject, PromiseResolve, Symbol, TypeError, TypedArrayPrototypeGetByteLength } = primordials;
const { illegalInvocation } = require("core/errors");
const { constructorError, define, kConstruct } = require("core/webidl");
const { hashName, isSource, toBytes } = require("web/crypto_params");
const { bufferOf, digestName, kNoBytes, upperCase } = require("web/crypto_run");
const { Deferred } = require("web/streams_queue");
const { Strategy } = require("web/streams_strategy");
const { WritableStream } = require("web/streams_writable");
const { Sink, Writable, WritableController } = require("web/streams_writable_core");

const kNotBytes = "DigestStream is a byte stream but received an object of non-ArrayBuffer/ArrayBufferView/string type on its writable side.";

const checksums = { __proto__: null, CRC32: true, CRC32C: true, CRC64NVME: true };

/** The running digest: its state is bytes, and Go makes the next of them. */
class Digester extends Sink {
  #name;
  #state = kNoBytes;
  #done = false;
  #failure;
  #outcome;
  #deferred;
  written = 0;
  constructor(name) {
    super();
    this.#name = name;
  }

  write(chunk) {
    let bytes;
    if (typeof chunk === "string") bytes = ops.op_utf8_encode(chunk);
    else if (ArrayBufferIsView(chunk) || isSource(chunk)) bytes = toBytes(chunk);
    else throw new TypeError(kNotBytes);
    const length = TypedArrayPrototypeGetByteLength(bytes);
    if (length === 0) return;
    if (this.#done) throw this.#failure;
    this.#state = ops.op_crypto("digest-update", this.#name, this.#state, bytes);
    this.written += length;
  }

  close() {
    if (this.#done) throw this.#failure;
    this.#finish(PromiseResolve(bufferOf(ops.op_crypto("digest-final", this.#name, this.#state))));
  }

  abort(reason) {
    this.fail(reason);
  }

  /** Ends it with an error, unless it has ended. */
  fail(reason) {
    if (this.#done) return;
    this.#failure = reason;
    // Nobody may ever ask for the digest, and then nobody is to hear of this.
    this.#finish(undefined);
  }

  #finish(outcome) {
    this.#done = true;
    this.#outcome = outcome;
    const deferred = this.#deferred;
    if (deferred === undefined) return;
    if (outcome === undefined) deferred.reject(this.#failure);
    else deferred.resolve(outcome);
  }

  /** The promise of the digest, the same each time. */
  get promise() {
    let deferred = this.#deferred;
    if (deferred !== undefined) return deferred.promise;
    if (this.#outcome !== undefined) return this.#outcome;
    if (this.#done) return (this.#outcome = PromiseReject(this.#failure));
    deferred = this.#deferred = new Deferred();
    return deferred.promise;
  }
}

class DigestStream extends WritableStream {
  /** @type {Digester} */
  #digester;
  constructor(...args) {
    if (args.length === 0) throw constructorError("DigestStream", 1, "string or HashAlgorithm");
    const given = hashName(args[0]);
    const upper = upperCase(given);
    const digester = new Digester(checksums[upper] ? upper : digestName(given));
    const core = new Writable();
    super(kConstruct, core);
    new WritableController(core, digester, new Strategy(1, undefined)).start();
    this.#digester = digester;
  }

  static #of(v) {
    if (typeof v !== "object" || v === null || !(#digester in v)) throw illegalInvocation();
    return v.#digester;
  }

  get digest() {
    return DigestStream.#of(this).promise;
  }

  get bytesWritten() {
    return BigInt(DigestStream.#of(this).written);
  }

  [Symbol.dispose]() {
    DigestStream.#of(this).fail(new TypeError("The DigestStream was disposed."));
  }
}
define(DigestStream, "DigestStream");

module.exports = { DigestStream };
