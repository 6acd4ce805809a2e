"use strict";
// readable.pipe() and unpipe(). https://nodejs.org/docs/latest-v22.x/api/stream.html#readablepipedestination-options

const { ArrayPrototypeIncludes, ArrayPrototypeIndexOf, ArrayPrototypePush, ArrayPrototypeSplice, Set, SetPrototypeAdd, SetPrototypeDelete, SetPrototypeGetSize } =
  primordials;
const { nextTick } = require("node/internal_process");
const { errorOrDestroy } = require("node/internal_stream_destroy");
const { isNode24, kState } = require("node/internal_stream_state");
const { kDataListening, kEndEmitted, kFlowing, kMultiAwaitDrain } = require("node/internal_stream_readable_state");

// The listeners of one pipe; each is a field, so that it can be removed.
class Pipe {
  #source;
  #dest;
  #catches = isNode24();
  #listensForDrain = false;
  #over = false;

  constructor(source, dest) {
    this.#source = source;
    this.#dest = dest;
  }

  start(end) {
    const source = this.#source;
    const dest = this.#dest;
    const state = source._readableState;
    const onSourceEnd = end ? this.#onEnd : this.#unpipe;
    if ((state[kState] & kEndEmitted) !== 0) nextTick(onSourceEnd);
    else source.once("end", onSourceEnd);
    dest.on("unpipe", this.#onUnpipe);
    source.on("data", this.#onData);
    // Before those of the program.
    dest.prependListener("error", this.#onError);
    dest.once("close", this.#onClose);
    dest.once("finish", this.#onFinish);
    dest.emit("pipe", source);
    if (dest.writableNeedDrain === true) this.#pause();
    else if ((state[kState] & kFlowing) === 0) source.resume();
  }

  #onEnd = () => {
    this.#dest.end();
  };

  #unpipe = () => {
    this.#source.unpipe(this.#dest);
  };

  #onUnpipe = (readable, info) => {
    if (readable !== this.#source || !info || info.hasUnpiped !== false) return;
    info.hasUnpiped = true;
    this.#stop();
  };

  #onData = (chunk) => {
    if (!this.#catches) {
      if (this.#dest.write(chunk) === false) this.#pause();
      return;
    }
    try {
      if (this.#dest.write(chunk) === false) this.#pause();
    } catch (error) {
      this.#dest.destroy(error);
    }
  };

  #onError = (error) => {
    const dest = this.#dest;
    this.#unpipe();
    dest.removeListener("error", this.#onError);
    if (dest.listenerCount("error") !== 0) return;
    // Nobody else listens: the error must not get lost. Emitted by hand, it has to destroy the stream as well.
    const state = dest._writableState || dest._readableState;
    if (state && !state.errorEmitted) errorOrDestroy(dest, error);
    else dest.emit("error", error);
  };

  #onClose = () => {
    this.#dest.removeListener("finish", this.#onFinish);
    this.#unpipe();
  };

  #onFinish = () => {
    this.#dest.removeListener("close", this.#onClose);
    this.#unpipe();
  };

  #onDrain = () => {
    const dest = this.#dest;
    const state = this.#source._readableState;
    const many = (state[kState] & kMultiAwaitDrain) !== 0;
    if (state.awaitDrainWriters === dest) state.awaitDrainWriters = null;
    else if (many) SetPrototypeDelete(state.awaitDrainWriters, dest);
    const waits = state.awaitDrainWriters && !(many && SetPrototypeGetSize(state.awaitDrainWriters) === 0);
    if (!waits && (state[kState] & kDataListening) !== 0) this.#source.resume();
  };

  #pause() {
    const dest = this.#dest;
    const state = this.#source._readableState;
    // write() may have undone the pipe; then nothing would ever resume the source.
    if (!this.#over) {
      const { pipes } = state;
      if (pipes.length === 1 && pipes[0] === dest) {
        state.awaitDrainWriters = dest;
        state[kState] &= ~kMultiAwaitDrain;
      } else if (pipes.length > 1 && ArrayPrototypeIncludes(pipes, dest)) {
        SetPrototypeAdd(state.awaitDrainWriters, dest);
      }
      this.#source.pause();
    }
    if (this.#listensForDrain) return;
    this.#listensForDrain = true;
    dest.on("drain", this.#onDrain);
  }

  #stop() {
    const source = this.#source;
    const dest = this.#dest;
    dest.removeListener("close", this.#onClose);
    dest.removeListener("finish", this.#onFinish);
    if (this.#listensForDrain) dest.removeListener("drain", this.#onDrain);
    dest.removeListener("error", this.#onError);
    dest.removeListener("unpipe", this.#onUnpipe);
    source.removeListener("end", this.#onEnd);
    source.removeListener("end", this.#unpipe);
    source.removeListener("data", this.#onData);
    this.#over = true;
    // The other destinations must not wait for the one that has left.
    const waits = source._readableState.awaitDrainWriters && (!dest._writableState || dest._writableState.needDrain);
    if (this.#listensForDrain && waits) this.#onDrain();
  }
}

function pipe(dest, pipeOpts) {
  const state = this._readableState;
  if (state.pipes.length === 1 && (state[kState] & kMultiAwaitDrain) === 0) {
    const waiting = state.awaitDrainWriters;
    state[kState] |= kMultiAwaitDrain;
    state.awaitDrainWriters = new Set();
    if (waiting) SetPrototypeAdd(state.awaitDrainWriters, waiting);
  }
  ArrayPrototypePush(state.pipes, dest);
  new Pipe(this, dest).start(!pipeOpts || pipeOpts.end !== false);
  return dest;
}

function unpipe(dest) {
  const state = this._readableState;
  if (state.pipes.length === 0) return this;
  if (!dest) {
    const all = state.pipes;
    state.pipes = [];
    this.pause();
    for (let i = 0; i < all.length; i++) all[i].emit("unpipe", this, { hasUnpiped: false });
    return this;
  }
  const index = ArrayPrototypeIndexOf(state.pipes, dest);
  if (index === -1) return this;
  ArrayPrototypeSplice(state.pipes, index, 1);
  if (state.pipes.length === 0) this.pause();
  dest.emit("unpipe", this, { hasUnpiped: false });
  return this;
}

module.exports = { pipe, unpipe };
