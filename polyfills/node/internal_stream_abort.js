"use strict";
// stream.addAbortSignal(). https://nodejs.org/docs/latest-v22.x/api/stream.html#streamaddabortsignalsignal-stream

const { Symbol } = primordials;
const errors = require.lazy("node/internal_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { isNodeStream, isWebStream } = require("node/internal_stream_kinds");
const { validateAbortSignal } = require("node/internal_validators");

/** Destroys `stream` when `signal` is aborted. @returns the stream */
function addAbortSignal(signal, stream) {
  validateAbortSignal(signal, "signal");
  if (isWebStream(stream)) throw new (streamErrors().ERR_WEB_STREAM_INTEROP_UNSUPPORTED)("addAbortSignal()");
  if (!isNodeStream(stream)) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("stream", ["ReadableStream", "WritableStream", "Stream"], stream);
  }
  function abort() {
    stream.destroy(new (errors().AbortError)(undefined, { cause: signal.reason }));
  }
  if (signal.aborted) {
    abort();
  } else {
    const listening = require("node/events").addAbortListener(signal, abort);
    require("node/internal_stream_finished").eos(stream, listening[Symbol.dispose]);
  }
  return stream;
}

module.exports = { addAbortSignal };
