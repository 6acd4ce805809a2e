"use strict";
// node:path, https://nodejs.org/docs/latest-v22.x/api/path.html

const { posix } = require("node/internal_path_posix");
const { win32 } = require("node/internal_path_win32");

posix.win32 = win32.win32 = win32;
posix.posix = win32.posix = posix;

module.exports = posix;
