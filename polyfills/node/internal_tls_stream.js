"use strict";
// A net.Socket over a Duplex of the program, for tls.connect({ socket }). It is what is sent, not encrypted: TLS is the platform's, on its own connections.

const { PromisePrototypeThen, PromiseResolve, Error } = primordials;
const netErrors = require.lazy("node/internal_net_errors");
const { Socket } = require("node/internal_net_socket");
const { nextTick } = require("node/internal_process");
const { queueMicrotask } = require("web/timers");
const { Deferred } = require("web/streams_queue");
const { readableToWeb } = require("node/internal_stream_web");

function makeHandle(stream, closed) {
  const readable = readableToWeb(stream, {}, true);
  return {
    reading: true,
    bytesRead: 0,
    bytesWritten: 0,
    options: { host: "0.0.0.0", port: 0, addressType: 4 },
    reader: readable.getReader({ mode: "byob" }),
    writer: {
      async write(chunk) {
        stream.write(chunk);
      },
      async close() {
        stream.end();
      },
      releaseLock() {},
    },
    socket: {
      upgraded: false,
      secureTransport: "off",
      readable,
      opened: PromiseResolve({}),
      closed: closed.promise,
      startTls() {
        throw new Error("startTls() should not be called for a duplex stream");
      },
      close() {
        queueMicrotask(() => closed.resolve(undefined));
        return closed.promise;
      },
    },
  };
}

class JSStreamSocket extends Socket {
  stream;

  constructor(stream) {
    const closed = new Deferred();
    super({ handle: makeHandle(stream, closed) });
    this.stream = stream;
    stream.on("error", (error) => this.emit("error", error));
    stream.once("end", () => closed.resolve(undefined));
    stream.once("close", () => this.destroy());
    // It must give bytes.
    if (stream.readableObjectMode === true || stream.readableEncoding) {
      nextTick(() => this.emit("error", new (netErrors().ERR_STREAM_WRAP)()));
    }
    PromisePrototypeThen(closed.promise, () => stream.destroy());
  }

  isClosing() {
    return !this.readable || !this.writable;
  }

  readStart() {
    return 0;
  }

  readStop() {
    this.stream.pause();
    return 0;
  }
}

module.exports = { JSStreamSocket };
