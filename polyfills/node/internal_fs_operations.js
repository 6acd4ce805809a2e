"use strict";
// What streams of files do with files: the file system's own functions, a FileHandle's, or those of the option `fs`. They call back.

const { FunctionPrototypeSymbolHasInstance, PromisePrototypeThen } = primordials;
const errors = require.lazy("node/internal_errors");
const sync = require("node/internal_fs_sync");
const { validateFunction, validateObject } = require("node/internal_validators");

// Calls back at once: files are in memory.
function settle(cb, run, value) {
  let result;
  try {
    result = run();
  } catch (error) {
    cb(error);
    return;
  }
  cb(null, result, value);
}

const kOwn = {
  __proto__: null,
  open: (path, flags, mode, cb) => settle(cb, () => sync.openSync(path, flags, mode)),
  close: (fd, cb) => settle(cb, () => sync.closeSync(fd)),
  fsync: (fd, cb) => settle(cb, () => sync.fsyncSync(fd)),
  read: (fd, buffer, offset, length, position, cb) => settle(cb, () => sync.readSync(fd, buffer, offset, length, position ?? null), buffer),
  write: (fd, buffer, offset, length, position, cb) => settle(cb, () => sync.writeSync(fd, buffer, offset, length, position ?? null), buffer),
};

function later(promise, cb, value) {
  PromisePrototypeThen(promise, (result) => cb(null, value === undefined ? undefined : value(result)), cb);
}

function ofHandle(handle) {
  return {
    __proto__: null,
    open() {
      throw new (errors().ERR_METHOD_NOT_IMPLEMENTED)("open()");
    },
    close: (fd, cb) => later(handle.close(), cb),
    fsync: (fd, cb) => later(handle.sync(), cb),
    read: (fd, buffer, offset, length, position, cb) => later(handle.read(buffer, offset, length, position ?? null), cb, (r) => r.bytesRead),
    write: (fd, buffer, offset, length, position, cb) => later(handle.write(buffer, offset, length, position ?? null), cb, (r) => r.bytesWritten),
  };
}

function isFileHandle(value) {
  return FunctionPrototypeSymbolHasInstance(require("node/internal_fs_handle").FileHandle, value);
}

/** The functions of the option `fs`; those that it lacks are the file system's. */
function operationsOf(fs) {
  if (fs === undefined || fs === null) return kOwn;
  validateObject(fs, "options.fs");
  if (isFileHandle(fs)) return ofHandle(fs);
  const { open = kOwn.open, close = kOwn.close, fsync = kOwn.fsync, read = kOwn.read, write = kOwn.write, writev } = fs;
  validateFunction(open, "options.fs.open");
  validateFunction(read, "options.fs.read");
  validateFunction(close, "options.fs.close");
  validateFunction(fsync, "options.fs.fsync");
  validateFunction(write, "options.fs.write");
  if (writev !== undefined) validateFunction(writev, "options.fs.writev");
  return { __proto__: null, open, close, fsync, read, write, writev };
}

module.exports = { isFileHandle, ofHandle, operationsOf };
