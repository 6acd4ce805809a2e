"use strict";
// node:_stream_passthrough

const { PassThrough } = require("node/stream");

module.exports = { PassThrough, default: PassThrough };
