"use strict";
// How cryptographic operations reach the host: at once if they are short, on another thread otherwise.

const {
  ArrayBufferPrototypeGetByteLength,
  ArrayBufferPrototypeSlice,
  ArrayPrototypeUnshift,
  Error,
  Promise,
  PromiseResolve,
  ReflectApply,
  RegExpPrototypeExec,
  StringPrototypeToUpperCase,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  Uint8Array,
} = primordials;
const { current } = require("core/context");
const { makeError } = require("core/errors");
const { hold } = require("core/ops");

// Larger data is worked on by another thread.
const kShortBytes = 65536;

/** Whether these bytes are too many for an operation at once. */
function isLong(bytes) {
  return TypedArrayPrototypeGetByteLength(bytes) > kShortBytes;
}

let slot;
const capture = (resolve, reject) => {
  slot = { resolve, reject };
};

/**
 * Runs an operation of op_crypto. Arguments and results may be secret, so no code of the script may come by them: no iterator, and no
 * promise, which would look for a `then`, sees them before `finish` has made of them what the script gets.
 * @param {boolean} long whether it takes long; in global scope there is no other way than at once
 * @param {(result: any) => any} finish makes the promise's value
 * @param {any[]} args the operation's name, and its arguments
 * @returns {Promise<any>}
 */
function run(long, finish, args) {
  const context = long ? current() : undefined;
  if (context === undefined) return PromiseResolve(finish(ReflectApply(ops.op_crypto, undefined, args)));
  const promise = new Promise(capture);
  const { resolve, reject } = slot;
  const settle = (result) => {
    try {
      resolve(finish(result));
    } catch (error) {
      reject(error);
    }
  };
  ArrayPrototypeUnshift(args, context.id, hold({ resolve: settle, reject, rejectLater: undefined }));
  ReflectApply(ops.op_crypto_async, undefined, args);
  return promise;
}

/** The ArrayBuffer that holds exactly these bytes. */
function bufferOf(bytes) {
  const buffer = TypedArrayPrototypeGetBuffer(bytes);
  const length = TypedArrayPrototypeGetByteLength(bytes);
  if (length === ArrayBufferPrototypeGetByteLength(buffer)) return buffer;
  const start = TypedArrayPrototypeGetByteOffset(bytes);
  return ArrayBufferPrototypeSlice(buffer, start, start + length);
}

/** Identity, for results that need no finish. */
function same(result) {
  return result;
}

const digests = { __proto__: null, "SHA-1": 20, "SHA-256": 32, "SHA-384": 48, "SHA-512": 64, MD5: 16 };

const kBeyondASCII = /[^\0-\x7f]/;

/** Upper case, of ASCII alone: names beyond it are left as they are. */
function upperCase(name) {
  return RegExpPrototypeExec(kBeyondASCII, name) === null ? StringPrototypeToUpperCase(name) : name;
}

/** The canonical name of a digest, undefined if it has none or parameters. */
function findDigest(name) {
  if (digests[name] !== undefined) return name;
  const upper = upperCase(name);
  return digests[upper] === undefined ? undefined : upper;
}

/** The canonical name of a digest. */
function digestName(name) {
  const found = findDigest(name);
  if (found === undefined) throw makeError("NotSupportedError", "Unrecognized or unimplemented digest algorithm requested.");
  return found;
}

/** The size in bytes of a digest, by its canonical name. */
function digestSize(name) {
  return digests[name];
}

/** The size in bytes of the blocks that a digest works on. */
function blockSize(name) {
  return digests[name] > 32 ? 128 : 64;
}

const kLetters = "0123456789abcdefghijklmnopqrstuv";

/** What the reference runtime throws where its library fails and it has no words for it: an Error, or a DOMException of that name. */
function internalError(name = undefined) {
  const random = new Uint8Array(24);
  ops.op_random_fill(random);
  let id = "";
  for (let i = 0; i < 24; i++) id += kLetters[random[i] & 31];
  const message = `internal error; reference = ${id}`;
  return name === undefined ? new Error(message) : makeError(name, message);
}

const kNoBytes = new Uint8Array(0);

module.exports = { run, isLong, bufferOf, same, findDigest, digestName, digestSize, blockSize, internalError, kNoBytes, upperCase };
