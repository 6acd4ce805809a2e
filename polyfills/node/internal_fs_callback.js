"use strict";
// The functions of node:fs with a callback: the others, and then the callback. https://nodejs.org/docs/latest-v22.x/api/fs.html#callback-api
// Mistakes in arguments throw at once, what the file system refuses goes to the callback.

const { ArrayPrototypeIncludes, ArrayPrototypeSlice, ObjectDefineProperty, ReflectApply } = primordials;
const { Buffer } = require("node/internal_buffer");
const sync = require("node/internal_fs_sync");
const { ERR_UNSUPPORTED_OPERATION, isDateError } = require("node/internal_fs_checks");
const { validateFunction } = require("node/internal_validators");
const { queueMicrotask } = require("web/timers");

function isRefusal(error) {
  return isDateError(error) || error?.syscall !== undefined || error?.code === "ERR_UNSUPPORTED_OPERATION";
}

// The callback is the last argument, or whatever comes last before nothing.
function split(args, most) {
  let count = args.length > most ? most : args.length;
  while (count > 0 && args[count - 1] === undefined) count--;
  const callback = count > 0 ? args[count - 1] : undefined;
  validateFunction(typeof callback === "function" ? callback : undefined, "callback");
  return { callback, rest: ArrayPrototypeSlice(args, 0, count - 1) };
}

function named(fn, name, length) {
  ObjectDefineProperty(fn, "name", { __proto__: null, value: name, configurable: true });
  return ObjectDefineProperty(fn, "length", { __proto__: null, value: length, configurable: true });
}

// Those that change nothing: they look at their other arguments before the callback.
const kHarmless = [
  "access", "chmod", "chown", "fchmod", "fchown", "fdatasync", "fstat", "fsync", "lchmod", "lchown", "lstat", "opendir", "readFile", "readdir",
  "readlink", "realpath", "stat", "statfs",
];

function checkFirst(work, args) {
  if (args.length > 0 && typeof args[args.length - 1] === "function") return;
  try {
    ReflectApply(work, undefined, args);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

function make(name, most, length, also) {
  const work = sync[`${name}Sync`];
  const harmless = ArrayPrototypeIncludes(kHarmless, name);
  return named(
    (...args) => {
      if (harmless) checkFirst(work, args);
      sync.checkArguments[name]?.(args);
      const { callback, rest } = split(args, most);
      let result;
      try {
        result = ReflectApply(work, undefined, rest);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        queueMicrotask(() => callback(error));
        return;
      }
      queueMicrotask(() => (also === undefined ? callback(null, result) : callback(null, result, rest[also])));
    },
    name,
    length,
  );
}

// [name, most arguments, length, which argument the callback gets, too]
const kFunctions = [
  "access", 3, 1, undefined, "appendFile", 4, 4, undefined, "chmod", 3, 3, undefined, "chown", 4, 4, undefined, "copyFile", 4, 2, undefined,
  "cp", 4, 4, undefined, "fchmod", 3, 3, undefined, "fchown", 4, 4, undefined, "fdatasync", 2, 2, undefined, "fstat", 3, 3, undefined,
  "fsync", 2, 1, undefined, "ftruncate", 3, 3, undefined, "futimes", 4, 4, undefined, "lchmod", 3, 3, undefined, "lchown", 4, 4, undefined,
  "link", 3, 3, undefined, "lstat", 3, 3, undefined, "lutimes", 4, 4, undefined, "mkdir", 3, 3, undefined, "mkdtemp", 3, 3, undefined,
  "open", 4, 1, undefined, "opendir", 3, 3, undefined, "read", 6, 6, 1, "readFile", 3, 3, undefined, "readdir", 3, 3, undefined,
  "readlink", 3, 3, undefined, "readv", 4, 4, 1, "realpath", 3, 3, undefined, "rename", 3, 3, undefined, "rm", 3, 3, undefined,
  "rmdir", 3, 3, undefined, "stat", 3, 3, undefined, "statfs", 3, 3, undefined, "symlink", 4, 4, undefined, "truncate", 3, 3, undefined,
  "unlink", 2, 2, undefined, "utimes", 4, 4, undefined, "write", 6, 6, 1, "writeFile", 4, 4, undefined, "writev", 4, 4, 1,
];

const callbacks = {};
for (let i = 0; i < kFunctions.length; i += 4) callbacks[kFunctions[i]] = make(kFunctions[i], kFunctions[i + 1], kFunctions[i + 2], kFunctions[i + 3]);
callbacks.realpath.native = callbacks.realpath;

// With options for a text, those of a buffer count.
const { write } = callbacks;
callbacks.write = named(
  (...args) => {
    if (typeof args[1] === "string" && typeof args[2] === "object" && args[2] !== null) args[1] = Buffer.from(args[1]);
    ReflectApply(write, undefined, args);
  },
  "write",
  6,
);

callbacks.close = function close(fd, callback = () => {}) {
  validateFunction(callback, "callback");
  sync.closeSync(fd);
  queueMicrotask(() => callback(null));
};
ObjectDefineProperty(callbacks.close, "length", { __proto__: null, value: 1, configurable: true });

callbacks.exists = function exists(path, callback) {
  validateFunction(callback, "callback");
  const found = sync.existsSync(path);
  queueMicrotask(() => callback(found));
};

// Whatever is wrong goes to its callback.
callbacks.glob = function glob(pattern, options, callback) {
  if (typeof options === "function") {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, "callback");
  let result;
  try {
    result = sync.globSync(pattern, options);
  } catch (error) {
    queueMicrotask(() => callback(error));
    return;
  }
  queueMicrotask(() => callback(null, result));
};

for (const name of ["watch", "watchFile", "unwatchFile"]) {
  callbacks[name] = named(
    () => {
      throw new ERR_UNSUPPORTED_OPERATION();
    },
    name,
    0,
  );
}

module.exports = { callbacks };
