"use strict";
// The errors of streams. https://nodejs.org/docs/latest-v22.x/api/errors.html

const { Error, TypeError } = primordials;
const { defineError } = require("node/internal_errors");

module.exports = {
  ERR_MULTIPLE_CALLBACK: defineError("ERR_MULTIPLE_CALLBACK", Error, () => "Callback called multiple times"),
  ERR_STREAM_ALREADY_FINISHED: defineError("ERR_STREAM_ALREADY_FINISHED", Error, (name) => `Cannot call ${name} after a stream was finished`),
  ERR_STREAM_CANNOT_PIPE: defineError("ERR_STREAM_CANNOT_PIPE", Error, () => "Cannot pipe, not readable"),
  ERR_STREAM_DESTROYED: defineError("ERR_STREAM_DESTROYED", Error, (name) => `Cannot call ${name} after a stream was destroyed`),
  ERR_STREAM_NULL_VALUES: defineError("ERR_STREAM_NULL_VALUES", TypeError, () => "May not write null values to stream"),
  ERR_STREAM_PREMATURE_CLOSE: defineError("ERR_STREAM_PREMATURE_CLOSE", TypeError, () => "Premature close"),
  ERR_STREAM_PUSH_AFTER_EOF: defineError("ERR_STREAM_PUSH_AFTER_EOF", Error, () => "stream.push() after EOF"),
  ERR_STREAM_UNSHIFT_AFTER_END_EVENT: defineError("ERR_STREAM_UNSHIFT_AFTER_END_EVENT", Error, () => "stream.unshift() after end event"),
  ERR_STREAM_WRITE_AFTER_END: defineError("ERR_STREAM_WRITE_AFTER_END", Error, () => "write after end"),
  ERR_WEB_STREAM_INTEROP_UNSUPPORTED: defineError(
    "ERR_WEB_STREAM_INTEROP_UNSUPPORTED",
    TypeError,
    (name) => `${name} is not supported for web streams by the streams implementation in use`,
  ),
};
