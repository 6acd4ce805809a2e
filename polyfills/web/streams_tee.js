"use strict";
// Tees. https://streams.spec.whatwg.org/#readable-stream-tee

const { PromisePrototypeThen, TypedArrayPrototypeSlice, Uint8Array } = primordials;
const { current } = require("core/context");
const { async } = require("core/ops");
const { Deferred, kDone, noop } = require("web/streams_queue");
const { DefaultController, Readable, Reader } = require("web/streams_readable_core");
const { ByteController, ViewParts } = require("web/streams_readable_byte");
const { BytesReadable } = require("web/streams_native");
const { Strategy } = require("web/streams_strategy");

/** The source of a branch. */
class BranchSource {
  pulls = true;
  #tee;
  #index;
  constructor(tee, index) {
    this.#tee = tee;
    this.#index = index;
  }
  start() {}
  pull() {
    return this.#tee.pull(this.#index);
  }
  cancel(reason) {
    return this.#tee.cancel(this.#index, reason);
  }
}

/** What both kinds of tee share. `branches` holds the controllers. */
class Tee {
  branches = [undefined, undefined];
  reader;
  reading = false;
  stream;
  #cancelled = [false, false];
  #reasons = [undefined, undefined];
  #outcome = new Deferred();
  constructor(stream) {
    this.stream = stream;
    this.reader = new Reader(stream, false);
    stream.disturbed = true;
  }

  open(index) {
    return !this.#cancelled[index];
  }

  cancel(index, reason) {
    this.#cancelled[index] = true;
    this.#reasons[index] = reason;
    if (this.#cancelled[1 - index]) this.#outcome.resolve(this.stream.cancel([this.#reasons[0], this.#reasons[1]]));
    else this.#dontWaitInVain();
    return this.#outcome.promise;
  }

  /**
   * A branch that is cancelled alone waits for the other, says the standard. On the reference runtime it does not, and scripts wait for
   * the cancel before they turn to the other branch: once nothing else can happen, it is done.
   */
  #dontWaitInVain() {
    if (current() !== undefined) PromisePrototypeThen(async(ops.op_idle), () => this.settle(), noop);
  }

  /** Both branches fail with the original. */
  watch(reader) {
    PromisePrototypeThen(reader.closed(), undefined, (reason) => {
      if (reader !== this.reader) return;
      this.branches[0].error(reason);
      this.branches[1].error(reason);
      this.settle();
    });
  }

  /** Ends the wait of a cancelled branch for the other. */
  settle() {
    if (this.open(0) || this.open(1)) this.#outcome.resolve(undefined);
  }

  closeBranches() {
    if (this.open(0)) this.branches[0].close();
    if (this.open(1)) this.branches[1].close();
  }
}

/** https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee; it is the read request of its own reads. */
class DefaultTee extends Tee {
  next;
  #readAgain = false;

  pull() {
    if (this.reading) {
      this.#readAgain = true;
      return kDone;
    }
    this.reading = true;
    this.reader.readWith(this);
    return kDone;
  }

  chunk(value) {
    // In a microtask, so that a branch is not written to from within enqueue() of the original.
    PromisePrototypeThen(kDone, () => {
      this.#readAgain = false;
      if (this.open(0)) this.branches[0].enqueue(value);
      if (this.open(1)) this.branches[1].enqueue(value);
      this.reading = false;
      if (this.#readAgain) this.pull();
    });
  }

  close() {
    this.reading = false;
    this.closeBranches();
    this.settle();
  }

  error() {
    this.reading = false;
  }
}

function cloneBytes(view) {
  const { buffer, byteOffset, byteLength } = new ViewParts(view);
  return TypedArrayPrototypeSlice(new Uint8Array(buffer, byteOffset, byteLength));
}

/** A read into the buffer that a branch's BYOB reader has given. */
class TeeReadInto {
  next;
  /** How many bytes the branch still needs, see PullInto. */
  wanted;
  #tee;
  #index;
  constructor(tee, index, wanted) {
    this.#tee = tee;
    this.#index = index;
    this.wanted = wanted;
  }
  chunk(view) {
    PromisePrototypeThen(kDone, () => this.#tee.viewFilled(this.#index, view));
  }
  close(view) {
    this.#tee.viewClosed(this.#index, view);
  }
  error() {
    this.#tee.reading = false;
  }
}

/** https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamtee */
class ByteTee extends Tee {
  next;
  #readAgain = [false, false];

  pull(index) {
    if (this.reading) {
      this.#readAgain[index] = true;
      return kDone;
    }
    this.reading = true;
    const view = this.branches[index].viewToFill();
    if (view === undefined) {
      this.#useReader(false);
      this.reader.readWith(this);
    } else {
      this.#useReader(true);
      this.reader.readInto(view, 1, new TeeReadInto(this, index, this.branches[index].missing()));
    }
    return kDone;
  }

  #useReader(byob) {
    if (this.reader.byob === byob) return;
    const old = this.reader;
    this.reader = undefined;
    old.releaseLock();
    this.reader = new Reader(this.stream, byob);
    this.watch(this.reader);
  }

  /** A copy for the second branch; undefined if there is no memory for it, which errors both. */
  #clone(view) {
    try {
      return cloneBytes(view);
    } catch (error) {
      this.branches[0].error(error);
      this.branches[1].error(error);
      this.cancel(0, error);
      this.cancel(1, error);
      return undefined;
    }
  }

  #next() {
    this.reading = false;
    if (this.#readAgain[0]) this.pull(0);
    else if (this.#readAgain[1]) this.pull(1);
  }

  // Reads without a buffer.

  chunk(value) {
    PromisePrototypeThen(kDone, () => {
      this.#readAgain[0] = false;
      this.#readAgain[1] = false;
      let copy = value;
      if (this.open(0) && this.open(1)) {
        copy = this.#clone(value);
        if (copy === undefined) return;
      }
      if (this.open(0)) this.branches[0].enqueue(value);
      if (this.open(1)) this.branches[1].enqueue(copy);
      this.#next();
    });
  }

  close() {
    this.reading = false;
    this.closeBranches();
    if (this.branches[0].waitsForView) this.branches[0].respond(0);
    if (this.branches[1].waitsForView) this.branches[1].respond(0);
    this.settle();
  }

  error() {
    this.reading = false;
  }

  // Reads into a buffer.

  viewFilled(index, view) {
    this.#readAgain[0] = false;
    this.#readAgain[1] = false;
    const filled = this.branches[index];
    const other = 1 - index;
    if (this.open(other)) {
      const copy = this.#clone(view);
      if (copy === undefined) return;
      if (this.open(index)) filled.respondWithNewView(view);
      this.branches[other].enqueue(copy);
    } else if (this.open(index)) {
      filled.respondWithNewView(view);
    }
    this.#next();
  }

  viewClosed(index, view) {
    this.reading = false;
    this.closeBranches();
    const other = 1 - index;
    if (view !== undefined) {
      if (this.open(index)) this.branches[index].respondWithNewView(view);
      if (this.open(other) && this.branches[other].waitsForView) this.branches[other].respond(0);
    }
    this.settle();
  }
}

/**
 * Tees a core that is not locked.
 * @returns {[Readable, Readable]}
 */
function tee(stream) {
  if (stream instanceof BytesReadable && stream.untouched) return splitBytes(stream);
  const { bytes } = stream;
  const length = stream.knownLength();
  const running = bytes ? new ByteTee(stream) : new DefaultTee(stream);
  const cores = [new Readable(), new Readable()];
  for (let i = 0; i < 2; i++) {
    cores[i].length = length;
    const source = new BranchSource(running, i);
    running.branches[i] = bytes ? new ByteController(cores[i], source, 0, 0) : new DefaultController(cores[i], source, new Strategy(1, undefined));
  }
  running.branches[0].start();
  running.branches[1].start();
  running.watch(running.reader);
  return cores;
}

function splitBytes(stream) {
  const cores = stream.split();
  new Reader(stream, false);
  stream.disturbed = true;
  return cores;
}

module.exports = { tee };
