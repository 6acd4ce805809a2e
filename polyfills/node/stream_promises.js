"use strict";
// node:stream/promises, https://nodejs.org/docs/latest-v22.x/api/stream.html#streams-promises-api

const { finished } = require("node/internal_stream_finished");
const { pipelinePromise } = require("node/internal_stream_pipeline");

const promises = { pipeline: pipelinePromise, finished };

module.exports = { default: promises, finished, pipeline: pipelinePromise, promises };
