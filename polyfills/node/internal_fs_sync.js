"use strict";
// The functions of node:fs that give their results at once; all others call these. https://nodejs.org/docs/latest-v22.x/api/fs.html#synchronous-api

const { ArrayBufferIsView, ArrayPrototypePush, Number, ObjectDefineProperty, RangeError, TypedArrayPrototypeSubarray } = primordials;
const { Buffer } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, defineError } = require("node/internal_errors");
const { bytesOf, toBuffer } = require("node/internal_crypto_util");
const { validateBoolean, validateInteger, validateObject, validateOneOf, validateString, validateUint32 } = require("node/internal_validators");
const checks = require("node/internal_fs_checks");
const { constants } = require("node/internal_fs_constants");
const { globSync } = require("node/internal_fs_glob");
const tree = require("node/internal_fs_tree");

const { ERR_EBADF, ERR_EEXIST, ERR_ENOENT, ERR_UNSUPPORTED_OPERATION, Dir, Dirent } = checks;
const { checkEncoding, checkPosition, checkViews, encodeName, statsOf, toFd, toFlags, toMode, toOptions, toPath, toTarget, toTime } = checks;
const { COPYFILE_EXCL, COPYFILE_FICLONE, COPYFILE_FICLONE_FORCE, F_OK, O_APPEND, O_EXCL, O_RDWR, O_TRUNC, O_WRONLY, R_OK, W_OK, X_OK } = constants;
const ERR_OUT_OF_BOUNDS = defineError("ERR_BUFFER_OUT_OF_BOUNDS", RangeError, (name) => `"${name}" is outside of buffer bounds`);

function accessSync(path, mode = F_OK) {
  const found = toPath(path);
  validateInteger(mode, "mode", F_OK, F_OK | W_OK | R_OK | X_OK);
  // Nothing can be executed here.
  const node = mode & X_OK ? undefined : tree.stat(found);
  if (node === undefined || (mode & W_OK && !node.writable)) throw new ERR_ENOENT("access", found);
}

function existsSync(path) {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

// What only checks: there are no owners, modes or disks here.

function checkThere(path, follow, syscall) {
  if (tree.stat(path, follow) === undefined) throw new ERR_ENOENT(syscall, path);
}

function checkOpen(fd, syscall) {
  if (tree.stat(fd) === undefined) throw new ERR_EBADF(syscall);
}

function checkOwner(uid, gid) {
  validateInteger(uid, "uid", -1, 4294967295);
  validateInteger(gid, "gid", -1, 4294967295);
}

function chmodSync(path, mode) {
  toMode(mode, "mode");
  checkThere(toPath(path), true, "chmod");
}

function lchmodSync(path, mode) {
  toMode(mode, "mode");
  checkThere(toPath(path), false, "lchmod");
}

function fchmodSync(fd, mode) {
  const number = toFd(fd);
  toMode(mode, "mode");
  checkOpen(number, "fchmod");
}

function chownSync(path, uid, gid) {
  checkOwner(uid, gid);
  checkThere(toPath(path), true, "chown");
}

function lchownSync(path, uid, gid) {
  checkOwner(uid, gid);
  checkThere(toPath(path), false, "lchown");
}

function fchownSync(fd, uid, gid) {
  checkOwner(uid, gid);
  checkOpen(toFd(fd), "fchown");
}

function fsyncSync(fd) {
  checkOpen(toFd(fd), "sync");
}

function fdatasyncSync(fd) {
  checkOpen(toFd(fd), "datasync");
}

function utimesSync(path, atime, mtime) {
  toTime(atime);
  tree.setModified(toPath(path), toTime(mtime));
}

function lutimesSync(path, atime, mtime) {
  toTime(atime);
  tree.setModified(toPath(path), toTime(mtime), false);
}

function futimesSync(fd, atime, mtime) {
  toTime(atime);
  tree.setModified(toFd(fd), toTime(mtime));
}

// Stats

function statOptions(options) {
  validateObject(options, "options");
  const { bigint = false, throwIfNoEntry = true } = options;
  validateBoolean(bigint, "options.bigint");
  validateBoolean(throwIfNoEntry, "options.throwIfNoEntry");
  return { bigint, throwIfNoEntry };
}

function statPath(path, options, follow, syscall) {
  const chosen = statOptions(options);
  const found = toPath(path);
  const node = tree.stat(found, follow);
  if (node !== undefined) return statsOf(node, chosen);
  if (chosen.throwIfNoEntry) throw new ERR_ENOENT(syscall, found);
  return undefined;
}

function statSync(path, options = {}) {
  return statPath(path, options, true, "stat");
}

function lstatSync(path, options = {}) {
  return statPath(path, options, false, "lstat");
}

function fstatSync(fd, options = {}) {
  const chosen = statOptions(options);
  if (typeof fd !== "number") throw new ERR_INVALID_ARG_TYPE("fd", "number", fd);
  return statsOf(tree.stat(toFd(fd)), chosen);
}

function statfsSync(path, options = {}) {
  toPath(path);
  validateObject(options, "options");
  const { bigint = false } = options;
  validateBoolean(bigint, "options.bigint");
  const zero = bigint ? 0n : 0;
  return { type: zero, bsize: zero, blocks: zero, bfree: zero, bavail: zero, files: zero, ffree: zero };
}

// Whole files

function readFileSync(path, options = {}) {
  const { encoding = null, flag = "r" } = toOptions(options);
  if (encoding !== null) checkEncoding(encoding);
  toFlags(flag);
  const buffer = toBuffer(tree.readAll(toTarget(path)));
  return typeof encoding === "string" && encoding !== "buffer" ? buffer.toString(encoding) : buffer;
}

function writeFileSync(path, data, options = {}) {
  const target = toTarget(path);
  const { encoding, mode = 0o666, flag = "w", flush = false } = toOptions(options);
  if (encoding !== undefined && encoding !== null) checkEncoding(encoding);
  validateBoolean(flush, "options.flush");
  toMode(mode, "options.mode", 0o666);
  const flags = toFlags(flag);
  const append = (flags & O_APPEND) !== 0;
  if ((flags & (O_WRONLY | O_RDWR)) === 0 && !append) throw new ERR_INVALID_ARG_VALUE("flag", flag, "must be indicate write or append");
  if (typeof data === "string") data = Buffer.from(data, encoding ?? "utf8");
  if (!ArrayBufferIsView(data)) throw new ERR_INVALID_ARG_TYPE("data", ["string", "Buffer", "TypedArray", "DataView"], data);
  return tree.writeAll(target, bytesOf(data), append, (flags & O_EXCL) !== 0);
}

function appendFileSync(path, data, options = {}) {
  const { encoding = "utf8", mode = 0o666, flag = "a", flush = false } = toOptions(options);
  return writeFileSync(path, data, { encoding, mode, flag, flush });
}

function truncateSync(path, len = 0) {
  validateUint32(len, "len");
  tree.truncate(toPath(path), len);
}

function ftruncateSync(fd, len = 0) {
  validateUint32(len, "len");
  tree.truncate(toFd(fd), len);
}

// Open files

function openSync(path, flags = "r", mode = 0o666) {
  toMode(mode, "mode", 0o666);
  const bits = toFlags(flags);
  const both = (bits & O_RDWR) !== 0;
  return tree.open(toPath(path), {
    read: both || (bits & O_WRONLY) === 0,
    write: both || (bits & O_WRONLY) !== 0,
    append: (bits & O_APPEND) !== 0,
    exclusive: (bits & O_EXCL) !== 0,
    truncate: (bits & O_TRUNC) !== 0,
  });
}

function closeSync(fd) {
  tree.close(toFd(fd));
}

function toPosition(position) {
  return position === null || position === undefined ? null : Number(position);
}

function readvSync(fd, buffers, position = null) {
  const number = toFd(fd);
  checkViews(buffers);
  checkPosition(position, "position");
  if (buffers.length === 0) return 0;
  const views = [];
  for (let i = 0; i < buffers.length; i++) ArrayPrototypePush(views, bytesOf(buffers[i]));
  return tree.read(number, views, toPosition(position));
}

function readSync(fd, buffer, offsetOrOptions = {}, length = undefined, position = null) {
  const number = toFd(fd);
  if (!ArrayBufferIsView(buffer)) throw new ERR_INVALID_ARG_TYPE("buffer", ["Buffer", "TypedArray", "DataView"], buffer);
  const bytes = bytesOf(buffer);
  let offset;
  if (offsetOrOptions !== null && typeof offsetOrOptions === "object") {
    ({ offset = 0, length = bytes.length - offset, position = null } = offsetOrOptions);
  } else if (typeof offsetOrOptions === "number") {
    offset = offsetOrOptions;
    length ??= bytes.length - offset;
  } else {
    throw new ERR_INVALID_ARG_TYPE("offset", ["number", "object"], offsetOrOptions);
  }
  validateUint32(offset, "offset");
  validateUint32(length, "length");
  checkPosition(position, "position");
  if (offset + length > bytes.length) throw new ERR_INVALID_ARG_VALUE("offset", offset, "out of bounds");
  if (length === 0) return 0;
  return tree.read(number, [TypedArrayPrototypeSubarray(bytes, offset, offset + length)], toPosition(position));
}

function writevSync(fd, buffers, position = null) {
  const number = toFd(fd);
  checkViews(buffers);
  checkPosition(position, "position");
  if (buffers.length === 0) return 0;
  const views = [];
  for (let i = 0; i < buffers.length; i++) ArrayPrototypePush(views, bytesOf(buffers[i]));
  return tree.write(number, views, toPosition(position));
}

function writeSync(fd, buffer, offsetOrOptions = null, length = undefined, position = undefined) {
  const number = toFd(fd);
  if (typeof buffer === "string") {
    checkPosition(offsetOrOptions, "position");
    return tree.write(number, [Buffer.from(buffer, length ?? "utf8")], toPosition(offsetOrOptions));
  }
  if (!ArrayBufferIsView(buffer)) throw new ERR_INVALID_ARG_TYPE("buffer", ["string", "Buffer", "TypedArray", "DataView"], buffer);
  const bytes = bytesOf(buffer);
  let offset = offsetOrOptions;
  if (typeof offset === "object" && offset !== null) ({ offset = 0, length, position = null } = offset);
  offset ??= 0;
  validateInteger(offset, "offset", 0);
  position ??= null;
  checkPosition(position, "position");
  if (offset > bytes.length) throw new ERR_OUT_OF_BOUNDS("offset");
  length ??= bytes.length - offset;
  validateInteger(length, "length", 0);
  if (offset + length > bytes.length) throw new ERR_OUT_OF_BOUNDS("length");
  return tree.write(number, [TypedArrayPrototypeSubarray(bytes, offset, offset + length)], toPosition(position));
}

// Directories

function mkdirSync(path, options = {}) {
  if (typeof options === "number") options = { mode: options };
  validateObject(options, "options");
  const { recursive = false, mode = 0o777 } = options;
  validateBoolean(recursive, "options.recursive");
  toMode(mode, "mode");
  return tree.mkdir(toPath(path), recursive);
}

function mkdtempSync(prefix, options = {}) {
  const { encoding = "utf8" } = toOptions(options);
  if (encoding !== null) checkEncoding(encoding);
  return tree.mkdtemp(toPath(prefix));
}

function readdirSync(path, options = {}) {
  const { encoding = "utf8", withFileTypes = false, recursive = false } = toOptions(options);
  if (encoding !== null) checkEncoding(encoding);
  validateBoolean(withFileTypes, "options.withFileTypes");
  validateBoolean(recursive, "options.recursive");
  const list = tree.readdir(toPath(path), recursive);
  const result = [];
  for (let i = 0; i < list.length; i++) {
    const name = encodeName(list[i].name, encoding);
    ArrayPrototypePush(result, withFileTypes ? new Dirent(name, list[i].type, list[i].parentPath) : name);
  }
  return result;
}

function opendirSync(path, options = {}) {
  validateObject(options, "options");
  const { encoding = "utf8", bufferSize = 32, recursive = false } = options;
  checkEncoding(encoding);
  validateUint32(bufferSize, "options.bufferSize");
  validateBoolean(recursive, "options.recursive");
  return new Dir(tree.readdir(toPath(path), recursive), path, { encoding });
}

function removeOptions(options) {
  validateObject(options, "options");
  const { force = false, maxRetries = 0, recursive = false, retryDelay = 0 } = options;
  validateBoolean(force, "options.force");
  validateUint32(maxRetries, "options.maxRetries");
  validateBoolean(recursive, "options.recursive");
  validateUint32(retryDelay, "options.retryDelay");
  return { recursive, force };
}

function rmSync(path, options = {}) {
  const { recursive, force } = removeOptions(options);
  tree.rm(toPath(path), { recursive, force, onlyDirectories: false });
}

function rmdirSync(path, options = {}) {
  const { recursive } = removeOptions(options);
  tree.rm(toPath(path), { recursive, force: false, onlyDirectories: true });
}

// Names

function unlinkSync(path) {
  tree.unlink(toPath(path));
}

function renameSync(oldPath, newPath) {
  tree.move(toPath(oldPath), toPath(newPath), false);
}

function linkSync(existingPath, newPath) {
  tree.link(toPath(existingPath), toPath(newPath), false);
}

function symlinkSync(target, path, type = null) {
  validateOneOf(type, "type", ["dir", "file", "junction", null]);
  tree.link(toPath(target), toPath(path), true);
}

function linkTarget(path, options, mustBeLink) {
  const { encoding = "utf8" } = toOptions(options);
  if (encoding !== null) checkEncoding(encoding);
  return encodeName(tree.readLink(toPath(path), mustBeLink), encoding);
}

function readlinkSync(path, options = {}) {
  return linkTarget(path, options, true);
}

function realpathSync(path, options = {}) {
  return linkTarget(path, options, false);
}
realpathSync.native = realpathSync;

function checkCopyMode(mode = 0) {
  validateOneOf(mode, "mode", [0, COPYFILE_EXCL, COPYFILE_FICLONE_FORCE, COPYFILE_FICLONE]);
}

function copyFileSync(src, dest, mode = 0) {
  checkCopyMode(mode);
  if (mode & COPYFILE_FICLONE_FORCE) throw new ERR_UNSUPPORTED_OPERATION();
  if (mode & COPYFILE_EXCL && existsSync(dest)) throw new ERR_EEXIST("copyFile", toPath(dest));
  tree.move(toPath(src), toPath(dest), true);
}

function copyOptions(options = {}) {
  validateObject(options, "options");
  const { dereference = false, errorOnExist = false, force = true, mode = 0, preserveTimestamps = false, recursive = false, verbatimSymlinks = false, filter } = options;
  validateBoolean(dereference, "options.dereference");
  validateBoolean(errorOnExist, "options.errorOnExist");
  validateBoolean(force, "options.force");
  validateBoolean(preserveTimestamps, "options.preserveTimestamps");
  validateBoolean(recursive, "options.recursive");
  validateBoolean(verbatimSymlinks, "options.verbatimSymlinks");
  validateUint32(mode, "options.mode");
  if (mode & COPYFILE_FICLONE_FORCE) throw new ERR_INVALID_ARG_VALUE("options.mode", "COPYFILE_FICLONE_FORCE is not supported");
  if (filter !== undefined) {
    if (typeof filter !== "function") throw new ERR_INVALID_ARG_TYPE("options.filter", "function", filter);
    throw new ERR_UNSUPPORTED_OPERATION();
  }
  return { dereference, recursive, force, errorOnExist };
}

function cpSync(src, dest, options) {
  const chosen = copyOptions(options);
  tree.cp(toPath(src), toPath(dest), chosen);
}

function openAsBlob(path, options = {}) {
  const found = toPath(path);
  validateObject(options, "options");
  const { type = "" } = options;
  validateString(type, "options.type");
  const { Blob } = require("web/blob");
  return new Blob([tree.readAll(found)], { type });
}

/** What a function says of its arguments before it looks whether there is a callback; `args` may end with one. */
const checkArguments = {
  __proto__: null,
  copyFile: (args) => {
    toPath(args[0]);
    toPath(args[1]);
    if (typeof args[2] !== "function") checkCopyMode(args[2]);
  },
  cp: (args) => {
    if (typeof args[2] !== "function") copyOptions(args[2]);
  },
  rename: (args) => {
    toPath(args[0]);
    toPath(args[1]);
  },
  truncate: (args) => {
    toPath(args[0]);
    if (typeof args[1] !== "function") validateUint32(args[1], "len");
  },
};

module.exports = {
  accessSync, existsSync, appendFileSync, chmodSync, chownSync, closeSync, copyFileSync, cpSync, fchmodSync, fchownSync, fdatasyncSync, fstatSync,
  fsyncSync, ftruncateSync, futimesSync, globSync, lchmodSync, lchownSync, lutimesSync, linkSync, lstatSync, mkdirSync, mkdtempSync, opendirSync, openSync,
  readdirSync, readFileSync, readlinkSync, readSync, readvSync, realpathSync, renameSync, rmSync, rmdirSync, statSync, statfsSync, symlinkSync,
  truncateSync, unlinkSync, utimesSync, writeFileSync, writeSync, writevSync, openAsBlob,
};
// It is no function of the module node:fs, which takes those that can be enumerated.
ObjectDefineProperty(module.exports, "checkArguments", { __proto__: null, value: checkArguments });
