"use strict";
// stream.pipeline(): streams, iterables and functions one after the other, that end and fail together.
// https://nodejs.org/docs/latest-v22.x/api/stream.html#streampipelinesource-transforms-destination-callback

const { ArrayIsArray, ArrayPrototypePop, ArrayPrototypePush, ArrayPrototypeShift, FunctionPrototypeCall, Promise, Symbol } = primordials;
const errors = require.lazy("node/internal_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { AbortController } = require("web/abort");
const { addAbortListener } = require("node/events");
const { nextTick } = require("node/internal_process");
const destroying = require("node/internal_stream_destroy");
const { Duplex } = require("node/internal_stream_duplex");
const { eos, once } = require("node/internal_stream_finished");
const kinds = require("node/internal_stream_kinds");
const pumps = require("node/internal_stream_pump");
const { PassThrough } = require("node/internal_stream_transform");
const { validateAbortSignal, validateFunction } = require("node/internal_validators");

const kPremature = "ERR_STREAM_PREMATURE_CLOSE";

function badReturn(expected, name, value) {
  return new (errors().ERR_INVALID_RETURN_VALUE)(expected, name, value);
}

function notReadable(value, more) {
  const expected = ["Readable", "Iterable", "AsyncIterable"];
  if (more) ArrayPrototypePush(expected, "ReadableStream", "TransformStream");
  return new (errors().ERR_INVALID_ARG_TYPE)("val", expected, value);
}

// One run. `before` is what the last stage gives: a stream or something to iterate.
class Pipeline {
  #callback;
  #end;
  #outer;
  #listening;
  #controller = new AbortController();
  #error;
  #value;
  // Steps that have to be over before the callback.
  #pending = 0;
  #destroys = [];
  // What takes our listeners from a last stream that goes on being read.
  #releases = [];

  constructor(callback, options) {
    this.#callback = callback;
    this.#end = options?.end !== false;
    this.#outer = options?.signal;
  }

  #abort = () => this.#settle(new (errors().AbortError)(undefined, { cause: this.#outer?.reason }), false);

  // A step is over.
  #finish = (error) => this.#settle(error, --this.#pending === 0);

  // It has failed, but no step is over.
  #fail = (error) => this.#settle(error, false);

  #settle(error, last) {
    // A stream that was cut off is no reason if there is a better one.
    if (error && (!this.#error || this.#error.code === kPremature)) this.#error = error;
    if (!this.#error && !last) return;
    while (this.#destroys.length > 0) ArrayPrototypeShift(this.#destroys)(this.#error);
    this.#listening?.[Symbol.dispose]();
    this.#controller.abort();
    if (!last) return;
    if (!this.#error) for (let i = 0; i < this.#releases.length; i++) this.#releases[i]();
    nextTick(this.#callback, this.#error, this.#value);
  }

  /** Fails it from outside. */
  teardown = (error) => this.#settle(error || new (errors().AbortError)(), false);

  run(stages) {
    const outer = this.#outer;
    if (outer !== undefined) validateAbortSignal(outer, "options.signal");
    if (outer) this.#listening = addAbortListener(outer, this.#abort);
    const last = stages.length - 1;
    let before;
    for (let i = 0; i <= last; i++) {
      if (kinds.isNodeStream(stages[i])) this.#watch(stages[i], i, last);
      before = i === 0 ? this.#source(stages[0]) : this.#stage(before, stages[i], i, last);
    }
    if (this.#controller.signal.aborted || outer?.aborted) nextTick(this.#abort);
    return before;
  }

  // Makes sure that the stream is destroyed when another fails, and the others when it does.
  #watch(stream, index, last) {
    const staysOpen = index === last && kinds.isReadable(stream);
    if (index < last || this.#end) {
      const release = this.#destroyLater(stream, index < last, index > 0);
      if (staysOpen) ArrayPrototypePush(this.#releases, release);
    }
    const onError = (error) => {
      if (error && error.name !== "AbortError" && error.code !== kPremature) this.#fail(error);
    };
    stream.on("error", onError);
    if (staysOpen) ArrayPrototypePush(this.#releases, () => stream.removeListener("error", onError));
  }

  #destroyLater(stream, readable, writable) {
    let over = false;
    stream.on("close", () => {
      over = true;
    });
    const release = eos(stream, { readable, writable }, (error) => {
      over = !error;
    });
    ArrayPrototypePush(this.#destroys, (error) => {
      if (over) return;
      over = true;
      destroying.destroyer(stream, error || new (streamErrors().ERR_STREAM_DESTROYED)("pipe"));
    });
    return release;
  }

  #source(stage) {
    if (typeof stage === "function") {
      const result = stage({ signal: this.#controller.signal });
      if (!kinds.isIterable(result)) throw badReturn("Iterable, AsyncIterable or Stream", "source", result);
      return result;
    }
    const reads = kinds.isIterable(stage) || kinds.isReadableNodeStream(stage) || kinds.isTransformStream(stage);
    return reads ? stage : Duplex.from(stage);
  }

  #stage(before, stage, index, last) {
    if (typeof stage === "function") return this.#call(before, stage, index, last);
    if (kinds.isNodeStream(stage)) {
      this.#intoNode(before, stage, index === last);
      return stage;
    }
    if (kinds.isWebStream(stage)) {
      this.#intoWeb(before, stage, index < last || this.#end);
      return stage;
    }
    return Duplex.from(stage);
  }

  #call(before, stage, index, last) {
    const source = pumps.toIterable(kinds.isTransformStream(before) ? before.readable : before);
    const result = stage(source, { signal: this.#controller.signal });
    if (index === last) return this.#callLast(result);
    if (!kinds.isIterable(result, true)) throw badReturn("AsyncIterable", `transform[${index - 1}]`, result);
    return result;
  }

  // pipeline() gives a stream in any case: here what the last function gives goes through one.
  #callLast(result) {
    const through = new PassThrough({ objectMode: true });
    // Read once, as it may be an accessor.
    const then = result?.then;
    if (typeof then === "function") {
      this.#pending++;
      const resolved = (value) => {
        this.#value = value;
        if (value !== undefined && value !== null) through.write(value);
        if (this.#end) through.end();
        nextTick(this.#finish);
      };
      const rejected = (error) => {
        through.destroy(error);
        nextTick(this.#finish, error);
      };
      FunctionPrototypeCall(then, result, resolved, rejected);
    } else if (kinds.isIterable(result, true)) {
      this.#pending++;
      pumps.pumpToNode(result, through, this.#finish, this.#end);
    } else {
      throw badReturn("AsyncIterable or Promise", "destination", result);
    }
    ArrayPrototypePush(this.#releases, this.#destroyLater(through, false, true));
    return through;
  }

  #intoNode(before, stream, isLast) {
    const end = !isLast || this.#end;
    if (kinds.isReadableNodeStream(before)) {
      this.#pending += 2;
      const release = this.#pipe(before, stream, end);
      if (isLast && kinds.isReadable(stream)) ArrayPrototypePush(this.#releases, release);
      return;
    }
    const source = kinds.isTransformStream(before) ? before.readable : before;
    if (!kinds.isIterable(source)) throw notReadable(before, true);
    this.#pending++;
    pumps.pumpToNode(source, stream, this.#finish, end);
  }

  #intoWeb(before, stream, end) {
    const source = kinds.isTransformStream(before) ? before.readable : before;
    if (!kinds.isReadableNodeStream(source) && !kinds.isIterable(source)) throw notReadable(before, true);
    this.#pending++;
    pumps.pumpToWeb(source, stream, this.#finish, this.#fail, end);
  }

  // Two steps: the source has ended, the destination has finished.
  #pipe(source, dest, end) {
    let ended = false;
    dest.on("close", () => {
      if (!ended) this.#fail(new (streamErrors().ERR_STREAM_PREMATURE_CLOSE)());
    });
    // Not by the pipe, as that would leave standard output open.
    source.pipe(dest, { end: false });
    if (end) {
      const endDest = () => {
        ended = true;
        dest.end();
      };
      if (kinds.isReadableFinished(source)) nextTick(endDest);
      else source.once("end", endDest);
    } else {
      this.#finish();
    }
    eos(source, { readable: true, writable: false }, (error) => {
      const state = source._readableState;
      if (error?.code === kPremature && state?.ended && !state.errored && !state.errorEmitted) {
        // It closed before "end", which is to come all the same.
        source.once("end", this.#finish);
        source.once("error", this.#finish);
      } else {
        this.#finish(error);
      }
    });
    return eos(dest, { readable: false, writable: true }, this.#finish);
  }
}

/**
 * pipeline() of a list.
 * @param {(teardown: (error) => void) => void} [onStart] gets what fails it from outside
 */
function pipelineOf(streams, callback, options, onStart) {
  if (streams.length === 1 && ArrayIsArray(streams[0])) streams = streams[0];
  if (streams.length < 2) throw new (errors().ERR_MISSING_ARGS)("streams");
  const run = new Pipeline(callback, options);
  onStart?.(run.teardown);
  return run.run(streams);
}

function pipeline(...streams) {
  const callback = streams[streams.length - 1];
  validateFunction(callback, "streams[stream.length - 1]");
  ArrayPrototypePop(streams);
  return pipelineOf(streams, once(callback));
}

/** The same as a promise; a last argument that is no stage has the options. */
function pipelinePromise(...streams) {
  return new Promise((resolve, reject) => {
    const last = streams[streams.length - 1];
    let options;
    if (last && typeof last === "object" && !kinds.isNodeStream(last) && !kinds.isIterable(last) && !kinds.isWebStream(last)) {
      const { signal, end } = ArrayPrototypePop(streams);
      options = { signal, end };
    }
    const callback = (error, value) => {
      if (error) reject(error);
      else resolve(value);
    };
    pipelineOf(streams, callback, options);
  });
}

module.exports = { pipeline, pipelineOf, pipelinePromise };
