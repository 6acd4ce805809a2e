"use strict";
// util.styleText, https://nodejs.org/docs/latest-v22.x/api/util.html#utilstyletextformat-text-options

const { ArrayIsArray, ObjectKeys } = primordials;
const { inspect } = require("node/internal_inspect");
const { validateBoolean, validateOneOf, validateString } = require("node/internal_validators");
const { ERR_INVALID_ARG_TYPE } = require("node/internal_errors");

// None of the streams of the platform is a terminal.
function validateStream(stream) {
  const { ReadableStream } = require("web/streams_readable");
  const { WritableStream } = require("web/streams_writable");
  if (stream instanceof ReadableStream || stream instanceof WritableStream) return;
  throw new ERR_INVALID_ARG_TYPE("stream", ["ReadableStream", "WritableStream", "Stream"], stream);
}

/**
 * @param {string | string[]} format names of inspect.colors, or "none"
 * @param {string} text
 * @param {{ validateStream?: boolean, stream?: object }} [options] colours are written only if validateStream is false, since no stream
 *   is a terminal
 */
function styleText(format, text, options) {
  const { validateStream: plain = true, stream } = options ?? {};
  validateString(text, "text");
  validateBoolean(plain, "options.validateStream");
  if (plain && stream !== undefined) validateStream(stream);
  const formats = ArrayIsArray(format) ? format : [format];
  let left = "";
  let right = "";
  for (let i = 0; i < formats.length; i++) {
    if (formats[i] === "none") continue;
    const codes = inspect.colors[formats[i]];
    if (codes === undefined) validateOneOf(formats[i], "format", ObjectKeys(inspect.colors));
    left += `\x1b[${codes[0]}m`;
    right = `\x1b[${codes[1]}m${right}`;
  }
  return plain ? text : `${left}${text}${right}`;
}

module.exports = { styleText };
