"use strict";
// node:_stream_duplex

require("node/stream");
const { Duplex, from, fromWeb, toWeb } = require("node/internal_stream_duplex");

module.exports = { Duplex, default: Duplex, from, fromWeb, toWeb };
