"use strict";
// node:_stream_transform

const { Transform } = require("node/stream");

module.exports = { Transform, default: Transform };
