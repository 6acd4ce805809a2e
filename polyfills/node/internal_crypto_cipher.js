"use strict";
// Cipheriv and Decipheriv. https://nodejs.org/docs/latest-v22.x/api/crypto.html#class-cipheriv
// The host keeps nothing between two calls: a cipher under way is its state, as bytes.

const {
  ArrayPrototypePush,
  Error,
  ObjectKeys,
  ObjectSetPrototypeOf,
  StringPrototypeToLowerCase,
  StringPrototypeToUpperCase,
  Symbol,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSubarray,
} = primordials;
const { Buffer } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } = require("node/internal_errors");
const { bytesOf, copyOf, isSource, toBuffer } = require("node/internal_crypto_util");
const { ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE } = require("node/internal_crypto_errors");
const { Transform, construct } = require("node/internal_crypto_streams");
const { keyRecord } = require("node/internal_crypto_keys");
const { validateObject, validateString, validateUint32 } = require("node/internal_validators");
const { makeError } = require("core/errors");
const { parameterError } = require("core/webidl");
const { kNoBytes } = require("web/crypto_run");

// [the host's name, OpenSSL's number, block size, IV length, key length, mode, name]; ciphers in one piece have no such name.
const kCiphers = { __proto__: null };
const kOldNames = [];

function add(name, host, nid, blockSize, ivLength, keyLength, mode, label = StringPrototypeToUpperCase(name)) {
  kCiphers[name] = { host, nid, blockSize, ivLength, keyLength, mode, name: label };
  ArrayPrototypePush(kOldNames, name);
}

const kAes = [128, 192, 256];
const kModes = ["cbc", 419, 16, 16, "ctr", 904, 1, 16, "ecb", 418, 16, 0, "ofb", 420, 1, 16, "gcm", 895, 1, 12];
for (let m = 0; m < kModes.length; m += 4) {
  const mode = kModes[m];
  for (let i = 0; i < 3; i++) {
    // OpenSSL has numbered CTR apart.
    const nid = kModes[m + 1] + i * (mode === "ctr" ? 1 : mode === "gcm" ? 3 : 4);
    const label = mode === "gcm" ? `id-aes${kAes[i]}-GCM` : undefined;
    add(`aes-${kAes[i]}-${mode}`, `aes/${mode}`, nid, kModes[m + 2], kModes[m + 3], kAes[i] / 8, mode, label);
  }
}
add("des-cbc", "des/cbc", 31, 8, 8, 8, "cbc");
add("des-ecb", "des/ecb", 29, 8, 0, 8, "ecb");
add("des-ede", "des3/ecb", 32, 8, 0, 16, "ecb");
add("des-ede-cbc", "des3/cbc", 43, 8, 8, 16, "cbc");
add("des-ede3-cbc", "des3/cbc", 44, 8, 8, 24, "cbc");
add("rc2-cbc", "rc2/cbc", 37, 8, 8, 16, "cbc");
add("rc4", "rc4", 5, 1, 0, 16, "stream");

const kAeads = {
  __proto__: null,
  "xchacha20-poly1305": { nid: 0, blockSize: 1, ivLength: 24, keyLength: 32, mode: "stream", name: "xchacha20-poly1305" },
  "chacha20-poly1305": { nid: 950, blockSize: 1, ivLength: 12, keyLength: 32, mode: "stream", name: "chacha20-poly1305" },
};

function isVariable(cipher) {
  return cipher.host === "rc4" || cipher.host === "rc2/cbc";
}

function finalized() {
  return new Error("Cipher/decipher context has already been finalized");
}

function isTagLength(length) {
  return length === 4 || length === 8 || (length >= 12 && length <= 16);
}

// What both kinds of handles do with tags: only a Decipheriv takes one, see below.
class Handle {
  encrypt;
  cipher;
  key;
  iv;
  tagLength;
  tag;
  done = false;

  constructor(encrypt, cipher, key, iv, tagLength) {
    this.encrypt = encrypt;
    this.cipher = cipher;
    this.key = key;
    this.iv = iv;
    this.tagLength = tagLength;
  }

  takeTag(tag) {
    if (this.tag !== undefined) throw new Error("Auth tag is already set");
    const length = TypedArrayPrototypeGetByteLength(tag);
    const valid = this.cipher.mode === "gcm" ? (this.tagLength === undefined || this.tagLength === length) && isTagLength(length) : this.tagLength === length;
    if (!valid) throw new Error("Invalid authentication tag length");
    this.tag = copyOf(tag);
  }

  // A tag is given once.
  giveTag() {
    if (!this.done) throw new Error("Auth tag is only available once cipher context has been finalized");
    if (!this.encrypt) throw new Error("Getting the auth tag is only support for cipher");
    const tag = this.tag ?? kNoBytes;
    this.tag = undefined;
    return Buffer.from(tag);
  }
}

// A cipher that takes its data piece by piece.
class StreamHandle extends Handle {
  #state = null;
  #padded = true;

  constructor(encrypt, cipher, key, iv, tagLength) {
    super(encrypt, cipher, key, iv, tagLength);
    const length = TypedArrayPrototypeGetByteLength(iv);
    const { ivLength, keyLength, mode } = cipher;
    if ((ivLength > 0 && length === 0) || (mode !== "gcm" && length > 0 && length !== ivLength)) throw new Error("Invalid initialization vector");
    if (mode === "gcm" && tagLength !== undefined && !isTagLength(tagLength)) throw new Error("Invalid authentication tag length");
    const size = TypedArrayPrototypeGetByteLength(key);
    if (isVariable(cipher) ? size === 0 : size !== keyLength) throw new Error("Invalid key length");
  }

  update(data) {
    if (this.done) throw finalized();
    const { host } = this.cipher;
    const result =
      host === "rc4"
        ? ops.op_crypto("node-rc4", this.key, this.#state, data)
        : ops.op_crypto("node-cipher-update", host, this.encrypt, this.key, this.#state, this.iv, this.#padded, data);
    this.#state = result[1];
    return result[0];
  }

  final() {
    if (this.done) throw finalized();
    const { host, mode } = this.cipher;
    if (!this.encrypt && mode === "gcm" && this.tag === undefined) throw new Error("No auth tag provided");
    if (host === "rc4") {
      this.done = true;
      return kNoBytes;
    }
    const expected = mode === "gcm" && !this.encrypt ? this.tag : null;
    const result = ops.op_crypto("node-cipher-final", host, this.encrypt, this.key, this.#state, this.iv, this.#padded, expected);
    if (result === null) throw new Error("Authentication failed");
    this.done = true;
    if (mode === "gcm" && this.encrypt) this.tag = TypedArrayPrototypeSubarray(result[1], 0, this.tagLength ?? 16);
    return result[0];
  }

  setAAD(data) {
    if (this.done) throw finalized();
    if (this.cipher.mode !== "gcm") throw new Error("Cipher does not support authenticated mode");
    this.#state = ops.op_crypto("node-cipher-extra", this.cipher.host, this.encrypt, this.key, this.#state, this.iv, data);
  }

  setAutoPadding(padded) {
    if (this.done) throw finalized();
    this.#padded = padded;
  }

  setAuthTag(tag) {
    if (this.done) throw finalized();
    if (this.cipher.mode !== "gcm") throw new Error("Cipher does not support authenticated mode");
    this.takeTag(tag);
  }
}

// A cipher that wants all its data at once.
class AeadHandle extends Handle {
  #extra = kNoBytes;
  #updated = false;

  constructor(encrypt, cipher, key, iv, tagLength) {
    super(encrypt, cipher, key, iv, tagLength);
    if (TypedArrayPrototypeGetByteLength(iv) !== cipher.ivLength) throw new Error("Invalid initialization vector");
    if (TypedArrayPrototypeGetByteLength(key) !== cipher.keyLength || tagLength > 16) {
      throw new Error("Failed to initialize AEAD cipher/decipher context");
    }
    if (tagLength !== undefined) return;
    if (cipher.name !== "chacha20-poly1305") throw new Error(`The auth tag length is required for cipher ${cipher.name}`);
    this.tagLength = 16;
  }

  update(data) {
    if (this.#updated) throw new Error("update() can only be invoked once on an AEAD");
    if (this.done) throw finalized();
    if (!this.encrypt && this.tag === undefined) throw new Error("No auth tag provided");
    const result = ops.op_crypto("node-chacha", this.encrypt, this.key, this.iv, this.#extra, this.encrypt ? null : this.tag, data);
    if (result === null) {
      throw makeError("OperationError", "Decryption failed: Incorrect key/IV or corrupted ciphertext/authentication tag provided.");
    }
    if (this.encrypt) this.tag = TypedArrayPrototypeSubarray(result[1], 0, this.tagLength);
    this.#updated = true;
    return result[0];
  }

  final() {
    if (this.done) throw finalized();
    this.done = true;
    return kNoBytes;
  }

  setAAD(data) {
    if (this.done) throw finalized();
    this.#extra = copyOf(data);
  }

  setAutoPadding() {
    if (this.done) throw finalized();
    throw new Error("Setting autopadding is not supported on AEADs");
  }

  setAuthTag(tag) {
    if (this.done) throw finalized();
    this.takeTag(tag);
  }
}

// The bytes of a key. Only those that node:crypto has made will do.
function keyOf(key) {
  const record = keyRecord(key);
  if (record !== undefined) {
    if (record.type !== "secret") throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(record.type, "secret");
    return record;
  }
  if (typeof key === "string") return { data: Buffer.from(key) };
  if (isSource(key)) return { data: copyOf(key) };
  throw new ERR_INVALID_ARG_TYPE("key", ["string", "Buffer", "TypedArray", "DataView", "KeyObject", "CryptoKey"], key);
}

function ivOf(iv) {
  if (iv === null) return kNoBytes;
  if (typeof iv === "string") return Buffer.from(iv);
  if (isSource(iv)) return copyOf(iv);
  throw new ERR_INVALID_ARG_TYPE("iv", ["string", "Buffer", "TypedArray", "DataView", "null"], iv);
}

function makeHandle(encrypt, algorithm, key, iv, options) {
  validateString(algorithm, "algorithm");
  const record = keyOf(key);
  const ivBytes = ivOf(iv);
  // The reference runtime's name of the option, which is not Node's.
  const { authLengthTag } = options;
  if (authLengthTag !== undefined) validateUint32(authLengthTag, "options.authLengthTag");
  const name = StringPrototypeToLowerCase(algorithm);
  const stream = kCiphers[name];
  const aead = stream === undefined ? kAeads[algorithm] : undefined;
  if (stream === undefined && aead === undefined) throw new Error(`Unknown or unsupported cipher: ${algorithm}`);
  if (record.family !== undefined) throw new Error("Failed to get raw secret key data");
  if (stream !== undefined) return new StreamHandle(encrypt, stream, record.data, ivBytes, authLengthTag);
  return new AeadHandle(encrypt, aead, record.data, ivBytes, authLengthTag);
}

// Classes.

const kHandle = Symbol("kHandle");

function Cipheriv(algorithm, key, iv, options = {}) {
  this[kHandle] = makeHandle(true, algorithm, key, iv, options);
  construct(Transform, this, options);
}
ObjectSetPrototypeOf(Cipheriv.prototype, Transform.prototype);
ObjectSetPrototypeOf(Cipheriv, Transform);

function Decipheriv(algorithm, key, iv, options = {}) {
  this[kHandle] = makeHandle(false, algorithm, key, iv, options);
  construct(Transform, this, options);
}
ObjectSetPrototypeOf(Decipheriv.prototype, Transform.prototype);
ObjectSetPrototypeOf(Decipheriv, Transform);

function output(bytes, encoding) {
  const buffer = toBuffer(bytes);
  return encoding === undefined ? buffer : buffer.toString(encoding);
}

Cipheriv.prototype.update = function (data, inputEncoding, outputEncoding) {
  if (typeof data === "string") {
    if (inputEncoding === undefined) {
      throw new ERR_INVALID_ARG_VALUE("inputEncoding", inputEncoding, "If inputEncoding is not provided then the data must be a Buffer");
    }
    data = Buffer.from(data, inputEncoding);
  } else if (!isSource(data)) {
    throw new ERR_INVALID_ARG_TYPE("data", ["string", "Buffer", "TypedArray", "DataView"], data);
  }
  return output(this[kHandle].update(bytesOf(data)), outputEncoding);
};

Cipheriv.prototype.final = function (outputEncoding) {
  return output(this[kHandle].final(), outputEncoding);
};

Cipheriv.prototype.setAAD = function (buffer, options = {}) {
  validateObject(options, "options");
  const { plaintextLength, encoding } = options;
  if (plaintextLength !== undefined) validateUint32(plaintextLength, "options.plaintextLength");
  if (encoding !== undefined) validateString(encoding, "options.encoding");
  if (typeof buffer === "string") this[kHandle].setAAD(Buffer.from(buffer, encoding));
  else if (isSource(buffer)) this[kHandle].setAAD(bytesOf(buffer));
  return this;
};

Cipheriv.prototype.setAutoPadding = function (autoPadding) {
  this[kHandle].setAutoPadding(!!autoPadding);
  return this;
};

Cipheriv.prototype.getAuthTag = function () {
  return this[kHandle].giveTag();
};

Cipheriv.prototype._transform = function (chunk, encoding, callback) {
  if (typeof chunk === "string") chunk = Buffer.from(chunk, encoding);
  this.push(toBuffer(this[kHandle].update(bytesOf(chunk))));
  callback();
};

Cipheriv.prototype._flush = function (callback) {
  this.push(toBuffer(this[kHandle].final()));
  callback();
};

Decipheriv.prototype.update = Cipheriv.prototype.update;
Decipheriv.prototype.final = Cipheriv.prototype.final;
Decipheriv.prototype.setAAD = Cipheriv.prototype.setAAD;
Decipheriv.prototype.setAutoPadding = Cipheriv.prototype.setAutoPadding;
Decipheriv.prototype.setAuthTag = function (buffer) {
  if (!isSource(buffer)) throw parameterError("setAuthTag", "CipherHandle", 1, "BufferSource");
  this[kHandle].setAuthTag(bytesOf(buffer));
  return this;
};
Decipheriv.prototype._transform = Cipheriv.prototype._transform;
Decipheriv.prototype._flush = Cipheriv.prototype._flush;

function createCipheriv(algorithm, key, iv, options = {}) {
  return new Cipheriv(algorithm, key, iv, options);
}

function createDecipheriv(algorithm, key, iv, options = {}) {
  return new Decipheriv(algorithm, key, iv, options);
}

// What there is.

function byNumber(nid) {
  for (let i = 0; i < kOldNames.length; i++) if (kCiphers[kOldNames[i]].nid === nid) return kCiphers[kOldNames[i]];
  return undefined;
}

function infoOf(cipher, options) {
  let { ivLength, keyLength } = cipher;
  const { keyLength: wantedKey, ivLength: wantedIV } = options;
  if (cipher.host !== undefined) {
    if (wantedKey !== undefined) {
      if (!(isVariable(cipher) ? wantedKey > 0 : wantedKey === keyLength)) return undefined;
      keyLength = wantedKey;
    }
    if (wantedIV !== undefined) {
      if (!(cipher.mode === "gcm" ? wantedIV > 0 : wantedIV === ivLength)) return undefined;
      ivLength = wantedIV;
    }
  }
  return { name: cipher.name, nid: cipher.nid, blockSize: cipher.blockSize, ivLength, keyLength, mode: cipher.mode };
}

function getCipherInfo(nameOrId, options = {}) {
  if (typeof nameOrId !== "string" && typeof nameOrId !== "number") throw new ERR_INVALID_ARG_TYPE("nameOrId", ["string", "number"], nameOrId);
  validateObject(options, "options");
  const cipher = typeof nameOrId === "number" ? byNumber(nameOrId) : (kCiphers[StringPrototypeToLowerCase(nameOrId)] ?? kAeads[nameOrId]);
  return cipher === undefined ? undefined : infoOf(cipher, options);
}

function getCiphers() {
  const names = [];
  for (let i = 0; i < kOldNames.length; i++) ArrayPrototypePush(names, StringPrototypeToUpperCase(kOldNames[i]));
  for (let i = 0; i < kOldNames.length; i++) ArrayPrototypePush(names, kOldNames[i]);
  const aeads = ObjectKeys(kAeads);
  for (let i = 0; i < aeads.length; i++) ArrayPrototypePush(names, aeads[i]);
  return names;
}

module.exports = { Cipheriv, Decipheriv, createCipheriv, createDecipheriv, getCipherInfo, getCiphers };
