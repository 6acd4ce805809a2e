"use strict";
// node:path/posix, https://nodejs.org/docs/latest-v22.x/api/path.html#pathposix

module.exports = require("node/path").posix;
