"use strict";
// node:assert/strict, https://nodejs.org/docs/latest-v22.x/api/assert.html#strict-assertion-mode

module.exports = require("node/assert").strict;
