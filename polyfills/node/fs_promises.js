"use strict";
// node:fs/promises, https://nodejs.org/docs/latest-v22.x/api/fs.html#promises-api

const { ObjectDefineProperty, ReflectApply } = primordials;
const sync = require("node/internal_fs_sync");
const { callbacks } = require("node/internal_fs_callback");
const { constants } = require("node/internal_fs_constants");
const { FileHandle, makeHandle } = require("node/internal_fs_handle");

// A file handle stands for its file.
function targetOf(value) {
  return value instanceof FileHandle ? value.fd : value;
}

function make(name, length) {
  const work = sync[`${name}Sync`];
  const fn = async (...args) => {
    if (args.length > 0) args[0] = targetOf(args[0]);
    const result = ReflectApply(work, undefined, args);
    return name === "writeFile" || name === "appendFile" ? undefined : result;
  };
  ObjectDefineProperty(fn, "name", { __proto__: null, value: name, configurable: true });
  return ObjectDefineProperty(fn, "length", { __proto__: null, value: length, configurable: true });
}

module.exports = { FileHandle, constants };
const kFunctions = [
  "access", 1, "appendFile", 2, "chmod", 2, "chown", 3, "copyFile", 3, "cp", 3, "lchmod", 2, "lchown", 3, "link", 2, "lstat", 1, "lutimes", 3,
  "mkdir", 1, "mkdtemp", 1, "opendir", 1, "readFile", 1, "readdir", 1, "readlink", 1, "realpath", 1, "rename", 2, "rm", 1, "rmdir", 2, "stat", 1,
  "statfs", 1, "symlink", 2, "truncate", 1, "unlink", 1, "utimes", 3, "writeFile", 2,
];
for (let i = 0; i < kFunctions.length; i += 2) module.exports[kFunctions[i]] = make(kFunctions[i], kFunctions[i + 1]);

module.exports.open = async function open(path, flags, mode) {
  return makeHandle(sync.openSync(path, flags, mode));
};

module.exports.glob = async function* glob(pattern, options) {
  const found = sync.globSync(pattern, options);
  for (let i = 0; i < found.length; i++) yield found[i];
};

module.exports.watch = function watch() {
  return callbacks.watch();
};
