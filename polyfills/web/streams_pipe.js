"use strict";
// Piping a readable stream into a writable one. https://streams.spec.whatwg.org/#readable-stream-pipe-to
// Chunks go from core to core: no promise is made for a read or a write.

const { PromisePrototypeThen, PromiseReject, TypeError } = primordials;
const { Deferred, kDone, noop, setHandled } = require("web/streams_queue");
const { NativeReadable } = require("web/streams_native");
const { Reader, kErrored: kSourceErrored, kReadable } = require("web/streams_readable_core");
const { Writer, kClosed, kErrored, kErroring, kWritable } = require("web/streams_writable_core");

const kDestinationClosed = "This destination writable stream is closed.";

/** A write of a pipe that waits. */
class PipeWrite {
  next;
  #pipe;
  constructor(pipe) {
    this.#pipe = pipe;
  }
  resolve() {
    this.#pipe.writeSettled();
  }
  reject() {
    this.#pipe.writeSettled();
  }
}

/** A running pipe; also the read request of its own reads, of which one waits at most. */
class Pipe {
  next;
  done = new Deferred();
  #source;
  #dest;
  #reader;
  #writer;
  #preventAbort;
  #preventCancel;
  #preventClose;
  #signal;
  #onAbort;
  #shuttingDown = false;
  /** Whether the signal has ended it: what comes afterwards is not written. */
  #aborted = false;
  #reading = false;
  /** Whether the loop runs, so that a chunk that comes now was asked for by it. */
  #inLoop = false;
  #unsettled = 0;
  #onSettled;
  #run = () => this.#loop();

  constructor(source, dest, preventClose, preventAbort, preventCancel, signal) {
    this.#source = source;
    this.#dest = dest;
    this.#reader = new Reader(source, false);
    this.#writer = new Writer(dest);
    source.disturbed = true;
    this.#preventClose = preventClose;
    this.#preventAbort = preventAbort;
    this.#preventCancel = preventCancel;
    this.#signal = signal;
  }

  /** Starts it; the promise is `done.promise`. */
  start() {
    const signal = this.#signal;
    if (signal !== undefined) {
      const abort = require("web/abort").internals;
      if (abort.isAborted(signal)) {
        this.#abort();
        return;
      }
      this.#onAbort = () => this.#abort();
      abort.addAlgorithm(signal, this.#onAbort);
    }
    PromisePrototypeThen(this.#reader.closed(), () => this.#sourceClosed(), (reason) => this.#sourceErrored(reason));
    PromisePrototypeThen(this.#writer.closed.get(), () => this.#destClosed(), (reason) => this.#destErrored(reason));
    this.#checkStates();
    this.#loop();
  }

  // What ends a pipe. States are looked at before the first read, in this order.

  #checkStates() {
    const source = this.#source;
    const dest = this.#dest;
    if (source.state === kSourceErrored) this.#sourceErrored(source.stored);
    else if (dest.state === kErroring || dest.state === kErrored) this.#destErrored(dest.stored);
    else if (source.state !== kReadable) this.#sourceClosed();
    else if (dest.state === kClosed || dest.closeQueuedOrInFlight) this.#destClosed();
  }

  #sourceErrored(reason) {
    if (this.#preventAbort) this.#shutdown(undefined, true, reason);
    else this.#shutdown(() => this.#dest.abort(reason), true, reason);
  }

  #destErrored(reason) {
    if (this.#preventCancel) this.#shutdown(undefined, true, reason);
    else this.#shutdown(() => this.#source.cancel(reason), true, reason);
  }

  #sourceClosed() {
    if (this.#preventClose) this.#shutdown(undefined, false, undefined);
    else this.#shutdown(() => this.#closeDest(), false, undefined);
  }

  #destClosed() {
    if (this.#shuttingDown) return;
    const error = new TypeError(kDestinationClosed);
    if (this.#preventCancel) this.#shutdown(undefined, true, error);
    else this.#shutdown(() => this.#source.cancel(error), true, error);
  }

  /** https://streams.spec.whatwg.org/#writable-stream-default-writer-close-with-error-propagation */
  #closeDest() {
    const dest = this.#dest;
    if (dest.closeQueuedOrInFlight || dest.state === kClosed) return kDone;
    if (dest.state === kErrored) return PromiseReject(dest.stored);
    return dest.close();
  }

  #abort() {
    this.#aborted = true;
    // A pipe that scripts have no part in does not wait for its write, as on the reference runtime.
    if (this.#source instanceof NativeReadable) this.#dest.controller.interrupt();
    const reason = require("web/abort").internals.reasonOf(this.#signal);
    this.#shutdown(() => this.#abortBoth(reason), true, reason);
  }

  #abortBoth(reason) {
    const actions = [];
    if (!this.#preventAbort) actions[0] = this.#dest.state === kWritable ? this.#dest.abort(reason) : kDone;
    if (!this.#preventCancel) actions[actions.length] = this.#source.state === kReadable ? this.#source.cancel(reason) : kDone;
    return all(actions);
  }

  // The loop.

  #loop() {
    const dest = this.#dest;
    this.#inLoop = true;
    while (!this.#shuttingDown && !this.#reading && this.#source.state === kReadable) {
      if (dest.state !== kWritable || dest.closeQueuedOrInFlight) break;
      if (dest.controller.desiredSize() <= 0) {
        PromisePrototypeThen(this.#writer.ready.get(), this.#run, noop);
        break;
      }
      this.#reading = true;
      this.#reader.readWith(this);
    }
    this.#inLoop = false;
  }

  chunk(value) {
    // A chunk that is enqueued while we wait must not be written from within enqueue().
    if (this.#inLoop) {
      this.#write(value);
    } else {
      this.#unsettled++;
      PromisePrototypeThen(kDone, () => {
        this.#unsettled--;
        if (this.#aborted) {
          this.#settledMaybe();
          return;
        }
        this.#write(value);
        this.#loop();
      });
    }
  }

  #write(value) {
    this.#reading = false;
    const dest = this.#dest;
    const size = dest.controller.sizeOf(value);
    if (dest.state !== kWritable || dest.closeQueuedOrInFlight) {
      this.#settledMaybe();
      return;
    }
    this.#unsettled++;
    this.#writer.writeWith(value, size, new PipeWrite(this));
  }

  close() {
    this.#reading = false;
  }

  error() {
    this.#reading = false;
  }

  // Shutting down: once all that was read is written. https://streams.spec.whatwg.org/#rs-pipeTo-shutdown-with-action

  #shutdown(action, failed, reason) {
    if (this.#shuttingDown) return;
    this.#shuttingDown = true;
    const proceed = () => {
      if (action === undefined) {
        this.#finalize(failed, reason);
        return;
      }
      PromisePrototypeThen(
        action(),
        () => this.#finalize(failed, reason),
        (error) => this.#finalize(true, error),
      );
    };
    const dest = this.#dest;
    if (dest.state !== kWritable || dest.closeQueuedOrInFlight) proceed();
    else if (this.#unsettled > 0) this.#onSettled = proceed;
    else PromisePrototypeThen(kDone, proceed);
  }

  writeSettled() {
    this.#unsettled--;
    this.#settledMaybe();
  }

  #settledMaybe() {
    const proceed = this.#onSettled;
    if (this.#unsettled > 0 || proceed === undefined) return;
    this.#onSettled = undefined;
    PromisePrototypeThen(kDone, proceed);
  }

  #finalize(failed, reason) {
    this.#writer.releaseLock();
    this.#reader.releaseLock();
    if (this.#onAbort !== undefined) require("web/abort").internals.removeAlgorithm(this.#signal, this.#onAbort);
    if (failed) this.done.reject(reason);
    else this.done.resolve(undefined);
  }
}

/** The promise that all promises of a short list are fulfilled. */
function all(promises) {
  if (promises.length === 0) return kDone;
  if (promises.length === 1) return promises[0];
  const result = new Deferred();
  let missing = promises.length;
  const fulfilled = () => {
    if (--missing === 0) result.resolve(undefined);
  };
  for (let i = 0; i < promises.length; i++) PromisePrototypeThen(promises[i], fulfilled, result.reject);
  return result.promise;
}

/**
 * Pipes one core into another; both must be unlocked.
 * @returns {Promise<undefined>}
 */
function pipe(source, dest, preventClose, preventAbort, preventCancel, signal) {
  const running = new Pipe(source, dest, preventClose, preventAbort, preventCancel, signal);
  running.start();
  return running.done.promise;
}

/** pipe() for pipeThrough, whose outcome shows in the streams. */
function pipeHandled(source, dest, preventClose, preventAbort, preventCancel, signal) {
  setHandled(pipe(source, dest, preventClose, preventAbort, preventCancel, signal));
}

module.exports = { pipe, pipeHandled };
