"use strict";
// node:fs, https://nodejs.org/docs/latest-v22.x/api/fs.html, on the virtual file system of internal_fs_tree.js.

const { ObjectAssign } = primordials;
const { constants } = require("node/internal_fs_constants");
const { Dir, Dirent, Stats } = require("node/internal_fs_checks");
const { callbacks } = require("node/internal_fs_callback");
const sync = require("node/internal_fs_sync");
const streams = require("node/internal_fs_streams");
const promises = require("node/fs_promises");

const { F_OK, R_OK, W_OK, X_OK } = constants;

module.exports = ObjectAssign({ constants, F_OK, R_OK, W_OK, X_OK, promises, Dirent, Dir, Stats }, callbacks, sync, {
  ReadStream: streams.ReadStream,
  WriteStream: streams.WriteStream,
  FileReadStream: streams.ReadStream,
  FileWriteStream: streams.WriteStream,
  createReadStream: streams.createReadStream,
  createWriteStream: streams.createWriteStream,
});
