"use strict";
// node:stream/consumers, https://nodejs.org/docs/latest-v22.x/api/webstreams.html#utility-consumers

const { JSONParse } = primordials;
const { Buffer } = require("node/internal_buffer");
const { Blob } = require("web/blob");
const { TextDecoder } = require("web/encoding");

async function blob(stream) {
  const parts = [];
  for await (const chunk of stream) parts[parts.length] = chunk;
  return new Blob(parts);
}

async function arrayBuffer(stream) {
  const all = await blob(stream);
  return all.arrayBuffer();
}

async function buffer(stream) {
  return Buffer.from(await arrayBuffer(stream));
}

async function text(stream) {
  const decoder = new TextDecoder();
  let result = "";
  for await (const chunk of stream) result += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  return result + decoder.decode(undefined, { stream: false });
}

async function json(stream) {
  return JSONParse(await text(stream));
}

module.exports = { arrayBuffer, blob, buffer, json, text };
