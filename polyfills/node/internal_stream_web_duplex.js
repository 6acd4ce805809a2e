"use strict";
// Between a Duplex and a pair of Web streams. https://nodejs.org/docs/latest-v22.x/api/stream.html#streamduplexfromwebpair-options

const { FunctionPrototypeSymbolHasInstance, PromisePrototypeThen, PromiseResolve } = primordials;
const errors = require.lazy("node/internal_errors");
const { Buffer } = require("node/internal_buffer");
const streamErrors = require.lazy("node/internal_stream_errors");
const kinds = require("node/internal_stream_kinds");
const { allOf, callBack, readInto, readableToWeb, rethrow, writableToWeb, writerMethods } = require("node/internal_stream_web");
const { validateBoolean, validateObject } = require("node/internal_validators");
const { ReadableStream } = require("web/streams_readable");
const { WritableStream } = require("web/streams_writable");

/** { readable, writable } over a Duplex; a side that it does not have is closed. */
function duplexToWeb(duplex, bytes = false) {
  if (typeof duplex?._writableState !== "object" || typeof duplex._readableState !== "object") {
    throw new (errors().ERR_INVALID_ARG_TYPE)("duplex", "stream.Duplex", duplex);
  }
  const destroyed = kinds.isDestroyed(duplex);
  const writes = !destroyed && kinds.isWritable(duplex);
  const reads = !destroyed && kinds.isReadable(duplex);
  const writable = writes ? writableToWeb(duplex) : new WritableStream();
  if (!writes) writable.close();
  const readable = reads ? readableToWeb(duplex, {}, bytes) : new ReadableStream(bytes && !destroyed ? { type: "bytes" } : {});
  if (!reads) readable.cancel();
  return { readable, writable };
}

function checkPair(pair) {
  validateObject(pair, "pair");
  const { readable, writable } = pair;
  if (!FunctionPrototypeSymbolHasInstance(ReadableStream, readable)) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("pair.readable", "ReadableStream", readable);
  }
  if (!FunctionPrototypeSymbolHasInstance(WritableStream, writable)) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("pair.writable", "WritableStream", writable);
  }
}

/** A Duplex over a pair of Web streams. */
function duplexFromWeb(pair = {}, options = {}) {
  checkPair(pair);
  validateObject(options, "options");
  const { allowHalfOpen = false, objectMode = false, encoding, decodeStrings = true, highWaterMark, signal } = options;
  validateBoolean(objectMode, "options.objectMode");
  // The name and the value are in each other's place in the reference runtime's message.
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) throw new (errors().ERR_INVALID_ARG_VALUE)(encoding, "options.encoding");
  const { Duplex } = require("node/internal_stream_duplex");
  const writer = pair.writable.getWriter();
  const reader = pair.readable.getReader();
  let writableClosed = false;
  let readableClosed = false;
  const methods = writerMethods(writer, decodeStrings && !objectMode, () => duplex, () => writableClosed);
  const duplex = new Duplex({
    allowHalfOpen,
    highWaterMark,
    objectMode,
    encoding,
    decodeStrings,
    signal,
    writev: methods.writev,
    write: methods.write,
    final: methods.final,
    read() {
      readInto(reader, duplex);
    },
    destroy(error, callback) {
      const done = () => callBack(callback, error, rethrow);
      const waiting = [];
      if (!writableClosed) waiting[waiting.length] = writer.abort(error);
      if (!readableClosed) waiting[waiting.length] = reader.cancel(error);
      if (waiting.length === 0) done();
      else PromisePrototypeThen(allOf(waiting), done, done);
    },
  });
  const failed = (error) => {
    writableClosed = true;
    readableClosed = true;
    duplex.destroy(error);
  };
  PromisePrototypeThen(
    PromiseResolve(writer.closed),
    () => {
      writableClosed = true;
      if (!kinds.isWritableEnded(duplex)) duplex.destroy(new (streamErrors().ERR_STREAM_PREMATURE_CLOSE)());
    },
    failed,
  );
  PromisePrototypeThen(
    PromiseResolve(reader.closed),
    () => {
      readableClosed = true;
    },
    failed,
  );
  return duplex;
}

module.exports = { duplexFromWeb, duplexToWeb };
