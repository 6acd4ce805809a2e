"use strict";
// node:path/win32, https://nodejs.org/docs/latest-v22.x/api/path.html#pathwin32

module.exports = require("node/path").win32;
