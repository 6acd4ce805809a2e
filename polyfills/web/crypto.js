"use strict";
// Crypto and SubtleCrypto: random values, digests, timingSafeEqual; the rest of SubtleCrypto is in crypto_operations.js, compiled at
// first use. https://w3c.github.io/webcrypto/

const {
  ArrayBufferIsView,
  ObjectDefineProperty,
  PromisePrototypeThen,
  PromiseReject,
  PromiseResolve,
  StringFromCharCode,
  TypeError,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetSymbolToStringTag,
  Uint8Array,
} = primordials;
const { current, requireContext } = require("core/context");
const { illegalInvocation, makeError } = require("core/errors");
const { async } = require("core/ops");
const { define, illegalConstructor, kConstruct, parameterError } = require("core/webidl");
const { CryptoKey } = require("web/crypto_key");
const { badArgument, hashName, source } = require("web/crypto_params");
const { bufferOf, findDigest, isLong } = require("web/crypto_run");
const operations = require.lazy("web/crypto_operations");

function digest(args) {
  if (args.length < 1) throw badArgument("digest", 1, "string or HashAlgorithm");
  const given = hashName(args[0]);
  const bytes = source(args, 1, "digest");
  const name = findDigest(given);
  if (name === undefined) return operations().modernDigest(given, args[0], bytes);
  if (isLong(bytes) && current() !== undefined) return PromisePrototypeThen(async(ops.op_digest_async, name, bytes), bufferOf);
  return PromiseResolve(bufferOf(ops.op_digest(name, bytes)));
}

// What a method throws, its promise rejects with.
function attempt(method, args) {
  try {
    return method(args);
  } catch (error) {
    return PromiseReject(error);
  }
}

class SubtleCrypto {
  #brand;
  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
  }

  static #check(v) {
    if (typeof v !== "object" || v === null || !(#brand in v)) throw illegalInvocation();
  }

  static supports(...args) {
    return require("web/crypto_supports").supports(args);
  }

  encrypt(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().encrypt, args);
  }

  decrypt(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().decrypt, args);
  }

  sign(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().sign, args);
  }

  verify(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().verify, args);
  }

  // https://w3c.github.io/webcrypto/#SubtleCrypto-method-digest
  digest(...args) {
    SubtleCrypto.#check(this);
    return attempt(digest, args);
  }

  generateKey(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().generateKey, args);
  }

  deriveKey(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().deriveKey, args);
  }

  deriveBits(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().deriveBits, args);
  }

  importKey(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().importKey, args);
  }

  exportKey(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().exportKey, args);
  }

  wrapKey(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().wrapKey, args);
  }

  unwrapKey(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().unwrapKey, args);
  }

  // https://wicg.github.io/webcrypto-modern-algos/#SubtleCrypto-method-encapsulateKey
  encapsulateKey(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().encapsulateKey, args);
  }

  encapsulateBits(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().encapsulateBits, args);
  }

  decapsulateKey(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().decapsulateKey, args);
  }

  decapsulateBits(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().decapsulateBits, args);
  }

  // https://wicg.github.io/webcrypto-modern-algos/#SubtleCrypto-method-getPublicKey
  getPublicKey(...args) {
    SubtleCrypto.#check(this);
    return attempt(operations().getPublicKey, args);
  }

  /** Compares without telling by its time where the difference is. */
  timingSafeEqual(...args) {
    SubtleCrypto.#check(this);
    const first = source(args, 0, "timingSafeEqual");
    const second = source(args, 1, "timingSafeEqual");
    const length = TypedArrayPrototypeGetByteLength(first);
    if (length !== TypedArrayPrototypeGetByteLength(second)) throw new TypeError("Input buffers must have the same byte length.");
    let difference = 0;
    for (let i = 0; i < length; i++) difference |= first[i] ^ second[i];
    return difference === 0;
  }
}
define(SubtleCrypto, "SubtleCrypto");

function isIntegerView(view) {
  switch (TypedArrayPrototypeGetSymbolToStringTag(view)) {
    case "Int8Array":
    case "Uint8Array":
    case "Uint8ClampedArray":
    case "Int16Array":
    case "Uint16Array":
    case "Int32Array":
    case "Uint32Array":
    case "BigInt64Array":
    case "BigUint64Array":
      return true;
    default:
      return false;
  }
}

// Random bytes for UUIDs are drawn in batches.
const kBatchBytes = 2048;
let batch;
let batchUsed = kBatchBytes;

// Code units of the hex digits.
const kDigits = new Uint8Array([0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66]);

// The next random byte; the batch forgets what it has given out.
function takeByte() {
  const byte = batch[batchUsed];
  batch[batchUsed++] = 0;
  return byte;
}

/** A version 4 UUID. https://w3c.github.io/webcrypto/#Crypto-method-randomUUID */
function randomUUID() {
  if (batchUsed === kBatchBytes) {
    if (batch === undefined) batch = new Uint8Array(kBatchBytes);
    ops.op_random_fill(batch);
    batchUsed = 0;
  }
  const d = kDigits;
  const a = takeByte(), b = takeByte(), c = takeByte(), e = takeByte(), f = takeByte(), g = takeByte();
  const h = (takeByte() & 0x0f) | 0x40, i = takeByte(), j = (takeByte() & 0x3f) | 0x80, k = takeByte();
  const l = takeByte(), m = takeByte(), n = takeByte(), o = takeByte(), p = takeByte(), q = takeByte();
  // One call with all units makes one flat string; concatenation would make a tree.
  return StringFromCharCode(
    d[a >> 4], d[a & 15], d[b >> 4], d[b & 15], d[c >> 4], d[c & 15], d[e >> 4], d[e & 15], 0x2d,
    d[f >> 4], d[f & 15], d[g >> 4], d[g & 15], 0x2d, d[h >> 4], d[h & 15], d[i >> 4], d[i & 15], 0x2d,
    d[j >> 4], d[j & 15], d[k >> 4], d[k & 15], 0x2d, d[l >> 4], d[l & 15], d[m >> 4], d[m & 15],
    d[n >> 4], d[n & 15], d[o >> 4], d[o & 15], d[p >> 4], d[p & 15], d[q >> 4], d[q & 15],
  );
}

class Crypto {
  #subtle;
  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#subtle = new SubtleCrypto(kConstruct);
  }

  static #check(v) {
    if (typeof v !== "object" || v === null || !(#subtle in v)) throw illegalInvocation();
  }

  get subtle() {
    Crypto.#check(this);
    return this.#subtle;
  }

  // https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues
  getRandomValues(array) {
    Crypto.#check(this);
    if (!ArrayBufferIsView(array)) throw parameterError("getRandomValues", "Crypto", 1, "ArrayBufferView");
    if (!isIntegerView(array)) throw makeError("TypeMismatchError", "ArrayBufferView argument to getRandomValues() must be an integer-typed view.");
    const length = TypedArrayPrototypeGetByteLength(array);
    if (length > 65536) throw makeError("QuotaExceededError", `getRandomValues() only accepts buffers of size <= 64K but provided ${length} bytes.`);
    requireContext();
    ops.op_random_fill(array);
    return array;
  }

  randomUUID() {
    Crypto.#check(this);
    requireContext();
    return randomUUID();
  }
}
define(Crypto, "Crypto");

function defineDigestStream(target, value) {
  ObjectDefineProperty(target, "DigestStream", { __proto__: null, value, writable: true, enumerable: true, configurable: true });
}
// Made when somebody looks at it.
ObjectDefineProperty(Crypto.prototype, "DigestStream", {
  __proto__: null,
  get() {
    const { DigestStream } = require("web/crypto_digest_stream");
    defineDigestStream(Crypto.prototype, DigestStream);
    return DigestStream;
  },
  set(value) {
    defineDigestStream(this, value);
  },
  enumerable: true,
  configurable: true,
});

const crypto = new Crypto(kConstruct);

module.exports = { Crypto, CryptoKey, SubtleCrypto, crypto, internals: { __proto__: null, randomUUID } };
