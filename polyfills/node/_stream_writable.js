"use strict";
// node:_stream_writable

require("node/stream");
const { Writable, WritableState, fromWeb, toWeb } = require("node/internal_stream_writable");

module.exports = { Writable, WritableState, default: Writable, fromWeb, toWeb };
