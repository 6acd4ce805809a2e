"use strict";
// Arguments of node:fs, and the classes Stats, Dirent and Dir. https://nodejs.org/docs/latest-v22.x/api/fs.html#common-objects

const {
  ArrayBufferIsView,
  ArrayIsArray,
  ArrayPrototypeShift,
  BigInt,
  Date,
  Error,
  MathTrunc,
  Number,
  NumberParseInt,
  ObjectDefineProperty,
  ObjectIs,
  PromiseReject,
  PromiseResolve,
  RegExpPrototypeExec,
  StringPrototypeIncludes,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  Symbol,
  SymbolAsyncIterator,
  TypeError,
  WeakSet,
  WeakSetPrototypeAdd,
  WeakSetPrototypeHas,
  decodeURIComponent,
} = primordials;
const { Buffer, isBuffer } = require("node/internal_buffer");
const { encodingOf } = require("node/internal_encodings");
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS, defineError } = require("node/internal_errors");
const { validateInt32, validateObject, validateString, validateUint32 } = require("node/internal_validators");
const { queueMicrotask } = require("web/timers");
const { URL } = require("web/url");
const { workingDirectory } = require("node/internal_working_directory");
const { constants } = require("node/internal_fs_constants");

// The errors that Node makes itself, not its file system.
function systemError(code, errno, text) {
  return class extends Error {
    static name = `ERR_${code}`;
    constructor(syscall, path = undefined) {
      super(path === undefined ? text : `${text}, ${syscall} '${path}'`);
      this.code = code;
      this.name = "Error";
      this.syscall = syscall;
      this.errno = errno;
      if (path !== undefined) this.path = path;
    }
  };
}

const ERR_ENOENT = systemError("ENOENT", -2, "no such file or directory");
const ERR_EEXIST = systemError("EEXIST", -17, "file already exists");
const ERR_EBADF = systemError("EBADF", -9, "bad file descriptor");
const ERR_DIR_CLOSED = defineError("ERR_DIR_CLOSED", Error, () => "Directory handle was closed");
const ERR_UNSUPPORTED_OPERATION = defineError("ERR_UNSUPPORTED_OPERATION", Error, () => "The requested operation is unsupported");

const kMaxParts = 48;

function pathOfURL(url) {
  if (url.protocol !== "file:") throw new TypeError("File path must be a file: URL");
  if (url.host !== "") throw new Error("File path must not have a host");
  return decodeURIComponent(url.pathname);
}

/** The absolute path of an argument. */
function toPath(path, name = "path") {
  let text = path;
  if (typeof path !== "string") {
    if (path instanceof URL) return pathOfURL(path);
    if (!isBuffer(path)) throw new ERR_INVALID_ARG_TYPE(name, ["string", "Buffer", "URL"], path);
    text = path.toString();
  }
  if (StringPrototypeIncludes(text, "\0")) throw new ERR_INVALID_ARG_VALUE(name, text, "must not contain null bytes");
  if (text.length > 4096) throw new Error("File path is too long");
  const absolute = StringPrototypeStartsWith(text, "/") ? text : `${workingDirectory()}/${text}`;
  if (StringPrototypeSplit(absolute, "/").length > kMaxParts + 1) throw new Error("File path has too many segments");
  return absolute;
}

function toFd(fd, name = "fd") {
  if (ObjectIs(fd, -0)) return 0;
  validateInt32(fd, name, 0);
  return fd;
}

/** A path or the number of an open file. */
function toTarget(target) {
  return typeof target === "number" ? toFd(target) : toPath(target);
}

const kMode = /^[0-7]+$/;

/** A file mode: a number or an octal text. */
function toMode(value, name, fallback = undefined) {
  const mode = value ?? fallback;
  if (typeof mode === "string") {
    if (RegExpPrototypeExec(kMode, mode) === null) {
      throw new ERR_INVALID_ARG_VALUE(name, mode, "must be a 32-bit unsigned integer or an octal string");
    }
    return NumberParseInt(mode, 8);
  }
  validateUint32(mode, name);
  return mode;
}

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } = constants;
const kFlags = {
  __proto__: null,
  r: O_RDONLY, rs: O_RDONLY | O_SYNC, sr: O_RDONLY | O_SYNC, "r+": O_RDWR, "rs+": O_RDWR | O_SYNC, "sr+": O_RDWR | O_SYNC,
  w: O_TRUNC | O_CREAT | O_WRONLY, wx: O_TRUNC | O_CREAT | O_WRONLY | O_EXCL, xw: O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  "w+": O_TRUNC | O_CREAT | O_RDWR, "wx+": O_TRUNC | O_CREAT | O_RDWR | O_EXCL, "xw+": O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  a: O_APPEND | O_CREAT | O_WRONLY, ax: O_APPEND | O_CREAT | O_WRONLY | O_EXCL, xa: O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  as: O_APPEND | O_CREAT | O_WRONLY | O_SYNC, sa: O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  "a+": O_APPEND | O_CREAT | O_RDWR, "ax+": O_APPEND | O_CREAT | O_RDWR | O_EXCL, "xa+": O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  "as+": O_APPEND | O_CREAT | O_RDWR | O_SYNC, "sa+": O_APPEND | O_CREAT | O_RDWR | O_SYNC,
};

function toFlags(flags, name = "flags") {
  if (typeof flags === "number") {
    validateInt32(flags, name);
    return flags;
  }
  if (flags === undefined || flags === null) return O_RDONLY;
  const found = kFlags[flags];
  if (found === undefined) throw new ERR_INVALID_ARG_VALUE("flags", flags);
  return found;
}

/** Options that may be the name of an encoding. */
function toOptions(options) {
  if (typeof options === "string" || options === undefined || options === null) return { encoding: options };
  validateObject(options, "options");
  return options;
}

function checkEncoding(encoding) {
  if (encoding === "buffer" || (typeof encoding === "string" && encodingOf(encoding) !== undefined)) return;
  throw new ERR_INVALID_ARG_VALUE("options.encoding", encoding);
}

/** A text as an encoding asks for it. */
function encodeName(text, encoding) {
  if (encoding === "buffer") return Buffer.from(text);
  return encoding === undefined || encoding === null || encoding === "utf8" ? text : Buffer.from(text).toString(encoding);
}

function checkPosition(position, name) {
  if (typeof position === "number") validateUint32(position, name);
  else if (typeof position !== "bigint" && position !== null) throw new ERR_INVALID_ARG_TYPE(name, ["integer", "bigint", "null"], position);
}

function checkViews(buffers) {
  let valid = ArrayIsArray(buffers);
  for (let i = 0; valid && i < buffers.length; i++) valid = ArrayBufferIsView(buffers[i]);
  if (!valid) throw new ERR_INVALID_ARG_TYPE("buffer", "ArrayBufferView[]", buffers);
}

// That of a Date.
const kMaxTime = 8.64e15;

const dateErrors = new WeakSet();

/** Whether an error says that a time is none; those are the file system's. */
function isDateError(error) {
  return WeakSetPrototypeHas(dateErrors, error);
}

/** A time as nanoseconds. */
function toTime(time) {
  let ms;
  if (typeof time === "number") ms = time;
  else if (typeof time === "bigint") ms = Number(time);
  else if (typeof time === "string" || time instanceof Date) ms = Number(new Date(time));
  else throw new ERR_INVALID_ARG_TYPE("time", ["string", "number", "bigint", "Date"], time);
  if (!(ms <= kMaxTime && ms >= -kMaxTime)) {
    const error = new TypeError("The value cannot be converted because it is not a valid Date.");
    WeakSetPrototypeAdd(dateErrors, error);
    throw error;
  }
  return BigInt(MathTrunc(ms)) * 1000000n;
}

// Stats

const kBadge = Symbol("kBadge");
const kFormat = constants.S_IFMT;

class Stats {
  constructor(badge, node, options) {
    if (badge !== kBadge) throw new TypeError("Illegal constructor");
    const format = node.device ? constants.S_IFCHR : node.type === "file" ? constants.S_IFREG : node.type === "directory" ? constants.S_IFDIR : constants.S_IFLNK;
    const mode = 0o444 | (node.writable ? 0o222 : 0) | format;
    const big = options.bigint;
    const zero = big ? 0n : 0;
    const modified = big ? node.modified / 1000000n : Number(node.modified) / 1000000;
    this.dev = big ? BigInt(node.device ? 1 : 0) : node.device ? 1 : 0;
    this.ino = zero;
    this.mode = big ? BigInt(mode) : mode;
    this.nlink = big ? 1n : 1;
    this.uid = zero;
    this.gid = zero;
    this.rdev = zero;
    this.size = big ? BigInt(node.size) : node.size;
    this.blksize = zero;
    this.blocks = zero;
    this.atimeMs = zero;
    this.mtimeMs = modified;
    this.ctimeMs = modified;
    this.birthtimeMs = zero;
    this.atimeNs = big ? 0n : undefined;
    this.mtimeNs = big ? node.modified : undefined;
    this.ctimeNs = big ? node.modified : undefined;
    this.birthtimeNs = big ? 0n : undefined;
    this.atime = new Date(0);
    this.mtime = new Date(Number(modified));
    this.ctime = new Date(Number(modified));
    this.birthtime = new Date(0);
  }

  isBlockDevice() {
    return (Number(this.mode) & kFormat) === constants.S_IFBLK;
  }

  isCharacterDevice() {
    return (Number(this.mode) & kFormat) === constants.S_IFCHR;
  }

  isDirectory() {
    return (Number(this.mode) & kFormat) === constants.S_IFDIR;
  }

  isFIFO() {
    return (Number(this.mode) & kFormat) === constants.S_IFIFO;
  }

  isFile() {
    return (Number(this.mode) & kFormat) === constants.S_IFREG;
  }

  isSocket() {
    return (Number(this.mode) & kFormat) === constants.S_IFSOCK;
  }

  isSymbolicLink() {
    return (Number(this.mode) & kFormat) === constants.S_IFLNK;
  }
}

function statsOf(node, options) {
  return new Stats(kBadge, node, options);
}

// Directories

const kType = Symbol("type");

class Dirent {
  constructor(name, type, path) {
    this.name = name;
    this.parentPath = path;
    this[kType] = type;
  }

  isDirectory() {
    return this[kType] === constants.UV_DIRENT_DIR;
  }

  isFile() {
    return this[kType] === constants.UV_DIRENT_FILE;
  }

  isBlockDevice() {
    return this[kType] === constants.UV_DIRENT_BLOCK;
  }

  isCharacterDevice() {
    return this[kType] === constants.UV_DIRENT_CHAR;
  }

  isSymbolicLink() {
    return this[kType] === constants.UV_DIRENT_LINK;
  }

  isFIFO() {
    return this[kType] === constants.UV_DIRENT_FIFO;
  }

  isSocket() {
    return this[kType] === constants.UV_DIRENT_SOCKET;
  }
}

class Dir {
  #entries;
  #encoding;
  #path;

  constructor(entries, path, options) {
    if (entries === undefined || entries === null) throw new ERR_MISSING_ARGS("handle");
    this.#entries = entries;
    this.#path = path;
    validateObject(options, "options");
    const { encoding = "utf8" } = options;
    validateString(encoding, "options.encoding");
    this.#encoding = encoding;
  }

  get path() {
    return this.#path;
  }

  read(callback) {
    let entry;
    try {
      entry = this.readSync();
    } catch (error) {
      if (typeof callback !== "function") return PromiseReject(error);
      queueMicrotask(() => callback(error, null));
      return undefined;
    }
    if (typeof callback !== "function") return PromiseResolve(entry);
    queueMicrotask(() => callback(null, entry));
    return undefined;
  }

  readSync() {
    if (this.#entries === undefined) throw new ERR_DIR_CLOSED();
    const entry = ArrayPrototypeShift(this.#entries);
    return entry === undefined ? null : new Dirent(encodeName(entry.name, this.#encoding), entry.type, entry.parentPath);
  }

  close(callback) {
    this.closeSync();
    if (typeof callback !== "function") return PromiseResolve();
    queueMicrotask(() => callback(null));
    return undefined;
  }

  closeSync() {
    if (this.#entries === undefined) throw new ERR_DIR_CLOSED();
    this.#entries = undefined;
  }

  async *entries() {
    for (let entry = this.readSync(); entry !== null; entry = this.readSync()) yield entry;
  }

  [SymbolAsyncIterator]() {
    return this.entries();
  }
}

/** Adds what `using` and `await using` look for; V8 has these symbols only once a realm has begun. */
function addDisposal(Class, close, closeSync) {
  if (Symbol.asyncDispose !== undefined) ObjectDefineProperty(Class.prototype, Symbol.asyncDispose, { __proto__: null, value: close, writable: true, configurable: true });
  if (closeSync !== undefined && Symbol.dispose !== undefined) {
    ObjectDefineProperty(Class.prototype, Symbol.dispose, { __proto__: null, value: closeSync, writable: true, configurable: true });
  }
}
addDisposal(
  Dir,
  async function () {
    await this.close();
  },
  function () {
    this.closeSync();
  },
);

module.exports = {
  Dir, Dirent, ERR_EBADF, ERR_EEXIST, ERR_ENOENT, ERR_UNSUPPORTED_OPERATION, Stats, addDisposal, checkEncoding, checkPosition, checkViews,
  encodeName, isDateError, statsOf, toFd, toFlags, toMode, toOptions, toPath, toTarget, toTime,
};
