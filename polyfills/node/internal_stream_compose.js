"use strict";
// stream.compose(): one Duplex that writes to the first of some streams and reads from the last.
// https://nodejs.org/docs/latest-v22.x/api/stream.html#streamcomposestreams

const errors = require.lazy("node/internal_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { destroyer } = require("node/internal_stream_destroy");
const { Duplex } = require("node/internal_stream_duplex");
const { eos, once } = require("node/internal_stream_finished");
const kinds = require("node/internal_stream_kinds");
const { pipelineOf } = require("node/internal_stream_pipeline");
const { nop } = require("node/internal_stream_state");

function reads(stream) {
  return Boolean(kinds.isReadable(stream) || kinds.isReadableStream(stream) || kinds.isTransformStream(stream));
}

function writes(stream) {
  return Boolean(kinds.isWritable(stream) || kinds.isWritableStream(stream) || kinds.isTransformStream(stream));
}

function checkStages(stages, given) {
  const last = stages.length - 1;
  for (let i = 0; i <= last; i++) {
    const stage = stages[i];
    if (!kinds.isNodeStream(stage) && !kinds.isWebStream(stage)) continue;
    if (i < last && !reads(stage)) throw new (errors().ERR_INVALID_ARG_VALUE)(`streams[${i}]`, given[i], "must be readable");
    if (i > 0 && !writes(stage)) throw new (errors().ERR_INVALID_ARG_VALUE)(`streams[${i}]`, given[i], "must be writable");
  }
}

// What lies between the outer stream and the pipeline.
class Composition {
  #outer;
  #head;
  #tail;
  #writable;
  #readable;
  #teardown;
  // Callbacks of the outer stream that wait: of a write, of end(), of destroy(); null once the pipeline is over.
  #onDrain;
  #onFinish;
  #onClose;
  #tailOver = false;

  constructor(stages) {
    this.#head = stages[0];
    this.#writable = writes(this.#head);
    // There is no way to learn when a stream of the Web has finished.
    if (this.#writable && kinds.isWebStream(stages[stages.length - 1])) {
      throw new (streamErrors().ERR_WEB_STREAM_INTEROP_UNSUPPORTED)("compose()");
    }
    this.#tail = pipelineOf(stages, once(this.#onPipeline), undefined, (teardown) => {
      this.#teardown = teardown;
    });
    this.#readable = reads(this.#tail);
  }

  #onPipeline = (error) => {
    const callback = this.#onClose;
    this.#onClose = null;
    if (callback) callback(error);
    else if (error) this.#outer.destroy(error);
    else if (!this.#readable && !this.#writable) this.#outer.destroy();
    else this.#finish();
  };

  #finish() {
    if (!this.#onFinish || !this.#tailOver) return;
    const callback = this.#onFinish;
    this.#onFinish = undefined;
    callback();
  }

  build() {
    this.#outer = new Duplex({
      writableObjectMode: Boolean(this.#head?.writableObjectMode),
      readableObjectMode: Boolean(this.#tail?.readableObjectMode),
      writable: this.#writable,
      readable: this.#readable,
    });
    if (this.#writable) this.#joinHead();
    if (this.#readable) this.#joinTail();
    this.#outer._destroy = (error, callback) => this.#destroy(error, callback);
    return this.#outer;
  }

  #joinHead() {
    if (kinds.isNodeStream(this.#head)) this.#writeToNode();
    else if (kinds.isWebStream(this.#head)) this.#writeToWeb();
    eos(this.#tail, () => {
      this.#tailOver = true;
      this.#finish();
    });
  }

  #writeToNode() {
    const head = this.#head;
    this.#outer._write = (chunk, encoding, callback) => {
      if (head.write(chunk, encoding)) callback();
      else this.#onDrain = callback;
    };
    this.#outer._final = (callback) => {
      head.end();
      this.#onFinish = callback;
    };
    head.on("drain", () => {
      const callback = this.#onDrain;
      this.#onDrain = undefined;
      if (callback) callback();
    });
  }

  #writeToWeb() {
    const writer = (kinds.isTransformStream(this.#head) ? this.#head.writable : this.#head).getWriter();
    this.#outer._write = async (chunk, encoding, callback) => {
      try {
        await writer.ready;
        writer.write(chunk).catch(nop);
        callback();
      } catch (error) {
        callback(error);
      }
    };
    this.#outer._final = async (callback) => {
      try {
        await writer.ready;
        writer.close().catch(nop);
        this.#onFinish = callback;
      } catch (error) {
        callback(error);
      }
    };
  }

  #joinTail() {
    const outer = this.#outer;
    const tail = this.#tail;
    if (!kinds.isNodeStream(tail)) {
      this.#readFromWeb();
      return;
    }
    outer._read = () => {
      tail.resume();
    };
    tail.on("data", (chunk) => {
      if (!outer.push(chunk)) tail.pause();
    });
    tail.on("end", () => outer.push(null));
  }

  // Starts at once, as the last stream may take writes only while it is read; one loop at a time.
  #readFromWeb() {
    const reader = (kinds.isTransformStream(this.#tail) ? this.#tail.readable : this.#tail).getReader();
    const outer = this.#outer;
    let reading = false;
    const read = async () => {
      if (reading) return;
      reading = true;
      try {
        while (true) {
          const { value, done } = await reader.read();
          if (!outer.push(done ? null : value) || done) break;
        }
      } catch (error) {
        outer.destroy(error);
      }
      reading = false;
    };
    outer._read = read;
    read();
  }

  #destroy(error, callback) {
    if (!error && this.#onClose !== null) error = new (errors().AbortError)();
    this.#onDrain = undefined;
    this.#onFinish = undefined;
    if (kinds.isNodeStream(this.#tail)) destroyer(this.#tail, error);
    else if (!this.#outer.readableEnded || !this.#outer.writableFinished) this.#teardown(error);
    if (this.#onClose === null) callback(error);
    else this.#onClose = callback;
  }
}

function compose(...streams) {
  if (streams.length === 0) throw new (errors().ERR_MISSING_ARGS)("streams");
  if (streams.length === 1) return Duplex.from(streams[0]);
  const stages = [];
  for (let i = 0; i < streams.length; i++) stages[i] = streams[i];
  const last = stages.length - 1;
  if (typeof stages[0] === "function") stages[0] = Duplex.from(stages[0]);
  if (typeof stages[last] === "function") stages[last] = Duplex.from(stages[last]);
  checkStages(stages, streams);
  return new Composition(stages).build();
}

module.exports = { compose };
