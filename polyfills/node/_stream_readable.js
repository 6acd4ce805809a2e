"use strict";
// node:_stream_readable

require("node/stream");
const { Readable, ReadableState } = require("node/internal_stream_readable");
const { from, fromWeb, toWeb, wrap } = require("node/internal_stream_methods");

module.exports = { Readable, ReadableState, default: Readable, from, fromWeb, toWeb, wrap };
