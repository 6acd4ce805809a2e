"use strict";
// The core of readable byte streams: the controller that fills the buffers of BYOB readers.
// https://streams.spec.whatwg.org/#rbs-controller-class

const {
  ArrayBuffer,
  ArrayBufferPrototypeGetByteLength,
  ArrayBufferPrototypeSlice,
  BigInt64Array,
  BigUint64Array,
  DataView,
  DataViewPrototypeGetBuffer,
  DataViewPrototypeGetByteLength,
  DataViewPrototypeGetByteOffset,
  Float32Array,
  Float64Array,
  Int16Array,
  Int32Array,
  Int8Array,
  MathMax,
  MathMin,
  RangeError,
  TypeError,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetSymbolToStringTag,
  TypedArrayPrototypeSet,
  Uint16Array,
  Uint32Array,
  Uint8Array,
  Uint8ClampedArray,
} = primordials;
const { Chain } = require("web/streams_queue");
const { PullController, kClosed, kReadable } = require("web/streams_readable_core");

// Element size and constructor of each kind of view, by its Symbol.toStringTag; undefined is that of a DataView.
const kinds = {
  __proto__: null,
  BigInt64Array: [8, BigInt64Array],
  BigUint64Array: [8, BigUint64Array],
  Float32Array: [4, Float32Array],
  Float64Array: [8, Float64Array],
  Int8Array: [1, Int8Array],
  Int16Array: [2, Int16Array],
  Int32Array: [4, Int32Array],
  Uint8Array: [1, Uint8Array],
  Uint8ClampedArray: [1, Uint8ClampedArray],
  Uint16Array: [2, Uint16Array],
  Uint32Array: [4, Uint32Array],
};
const kDataView = [1, DataView];

/** The parts of an ArrayBufferView, read from its internal slots. */
class ViewParts {
  buffer;
  byteOffset;
  byteLength;
  elementSize;
  Constructor;
  constructor(view) {
    const tag = TypedArrayPrototypeGetSymbolToStringTag(view);
    let kind;
    if (tag === undefined) {
      kind = kDataView;
      this.buffer = DataViewPrototypeGetBuffer(view);
      // The getters of a DataView throw if it is out of bounds or detached; that of a typed array is 0 then.
      const detached = isDetached(this.buffer);
      this.byteOffset = detached ? 0 : DataViewPrototypeGetByteOffset(view);
      this.byteLength = detached ? 0 : DataViewPrototypeGetByteLength(view);
    } else {
      // A kind that is not in the table is one that this engine has and we do not know; bytes are what it gets back.
      kind = kinds[tag] ?? kinds.Uint8Array;
      this.buffer = TypedArrayPrototypeGetBuffer(view);
      this.byteOffset = TypedArrayPrototypeGetByteOffset(view);
      this.byteLength = TypedArrayPrototypeGetByteLength(view);
    }
    this.elementSize = kind[0];
    this.Constructor = kind[1];
  }
}

function isDetached(buffer) {
  if (ArrayBufferPrototypeGetByteLength(buffer) !== 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** TransferArrayBuffer. https://streams.spec.whatwg.org/#transfer-array-buffer */
function transfer(buffer) {
  return ops.op_detach(buffer);
}

const kByNone = 0;
const kByDefault = 1;
const kByBYOB = 2;

/** A buffer that waits to be filled. https://streams.spec.whatwg.org/#pull-into-descriptor */
class PullInto {
  next;
  /** Undefined if it is one we allocate and nobody has asked for it. */
  buffer;
  bufferByteLength;
  byteOffset;
  byteLength;
  bytesFilled = 0;
  minimumFill;
  /** How many bytes the source is told to be needed, if more than the minimum: those of a branch of a tee, which takes any number. */
  wanted = 0;
  elementSize;
  Constructor;
  by;
  constructor(buffer, bufferByteLength, byteOffset, byteLength, minimumFill, elementSize, Constructor, by) {
    this.buffer = buffer;
    this.bufferByteLength = bufferByteLength;
    this.byteOffset = byteOffset;
    this.byteLength = byteLength;
    this.minimumFill = minimumFill;
    this.elementSize = elementSize;
    this.Constructor = Constructor;
    this.by = by;
  }
  /** The filled part as the reader gets it. https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerconvertpullintodescriptor */
  toView() {
    const buffer = this.buffer === undefined ? new ArrayBuffer(this.byteLength) : transfer(this.buffer);
    return new this.Constructor(buffer, this.byteOffset, this.bytesFilled / this.elementSize);
  }
}

/** Some bytes of the queue. */
class ByteChunk {
  buffer;
  byteOffset;
  byteLength;
  constructor(buffer, byteOffset, byteLength) {
    this.buffer = buffer;
    this.byteOffset = byteOffset;
    this.byteLength = byteLength;
  }
}

const kPartialAtClose = "This ReadableStream was closed with a partial read pending.";

class ByteController extends PullController {
  bytes = true;
  /** The ReadableStreamBYOBRequest given out, or undefined. */
  request = undefined;
  /** Tells it that it is used up. */
  detachRequest = undefined;
  /**
   * Set for the sources of scripts, whose BYOB reads get their buffer back as on the reference runtime: at a close() without
   * waiting for respond(0), which may come later, and at a cancel(), where the standard gives undefined.
   */
  generous = false;
  #pending = new Chain();
  #chunkSize;

  /** @param {number} chunkSize of the buffers for default reads, 0 for none */
  constructor(stream, source, highWaterMark, chunkSize) {
    super(stream, source, highWaterMark);
    this.#chunkSize = chunkSize;
  }

  readerWaits(stream) {
    return stream.reader !== undefined && stream.reader.requests.length > 0;
  }

  // Reads.

  pullSteps(request) {
    if (this.queue.total > 0) {
      this.#fillRequest(request);
      return;
    }
    const size = this.#chunkSize;
    if (size > 0) this.#pending.push(new PullInto(undefined, size, 0, size, 1, 1, Uint8Array, kByDefault));
    this.stream.reader.requests.push(request);
    this.pullIfNeeded();
  }

  #fillRequest(request) {
    const chunk = this.#takeChunk(request.joins === true);
    this.queue.total -= chunk.byteLength;
    this.#drained();
    request.chunk(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }

  /** The first chunk, or, joined, as many whole ones as fit into a buffer of ours, which the reference runtime would have the queue fill. */
  #takeChunk(joined) {
    const queue = this.queue;
    const first = queue.shift();
    const size = this.#chunkSize;
    if (!joined || queue.length === 0 || first.byteLength + queue.peek().byteLength > size) return first;
    const all = new Uint8Array(MathMin(size, queue.total));
    let at = 0;
    let next = first;
    do {
      TypedArrayPrototypeSet(all, new Uint8Array(next.buffer, next.byteOffset, next.byteLength), at);
      at += next.byteLength;
      next = queue.length > 0 && at + queue.peek().byteLength <= size ? queue.shift() : undefined;
    } while (next !== undefined);
    return new ByteChunk(TypedArrayPrototypeGetBuffer(all), 0, at);
  }

  #drained() {
    if (this.queue.total === 0 && this.closeRequested) {
      this.forgetSource();
      this.stream.close();
    } else {
      this.pullIfNeeded();
    }
  }

  /** https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerpullinto */
  pullInto(view, min, request) {
    let parts;
    let length;
    let buffer;
    try {
      parts = new ViewParts(view);
      length = ArrayBufferPrototypeGetByteLength(parts.buffer);
      buffer = transfer(parts.buffer);
    } catch (error) {
      request.error(error);
      return;
    }
    const { byteOffset, byteLength, elementSize, Constructor } = parts;
    const into = new PullInto(buffer, length, byteOffset, byteLength, min * elementSize, elementSize, Constructor, kByBYOB);
    into.wanted = request.wanted;
    if (this.#pending.length === 0) {
      if (this.stream.state === kClosed) {
        request.close(new Constructor(buffer, byteOffset, 0));
        return;
      }
      if (this.queue.total > 0) {
        if (this.#fillFromQueue(into)) {
          const filled = into.toView();
          this.#drained();
          request.chunk(filled);
          return;
        }
        if (this.closeRequested) {
          if (request.takesRest === true && into.bytesFilled % into.elementSize === 0) {
            const rest = into.toView();
            this.#drained();
            request.chunk(rest);
            return;
          }
          const error = new TypeError(kPartialAtClose);
          this.error(error);
          request.error(error);
          return;
        }
      }
    }
    const first = this.#pending.length === 0;
    this.#pending.push(into);
    this.stream.reader.requests.push(request);
    if (first) this.pullIfNeeded();
  }

  /** https://streams.spec.whatwg.org/#readable-byte-stream-controller-fill-pull-into-descriptor-from-queue */
  #fillFromQueue(into) {
    const queue = this.queue;
    let count = MathMin(queue.total, into.byteLength - into.bytesFilled);
    if (into.buffer === undefined) into.buffer = new ArrayBuffer(into.byteLength);
    const filled = into.bytesFilled + count;
    const aligned = filled - (filled % into.elementSize);
    const ready = aligned >= into.minimumFill;
    if (ready) count = aligned - into.bytesFilled;
    while (count > 0) {
      const chunk = queue.peek();
      const n = MathMin(count, chunk.byteLength);
      TypedArrayPrototypeSet(
        new Uint8Array(into.buffer, into.byteOffset + into.bytesFilled, n),
        new Uint8Array(chunk.buffer, chunk.byteOffset, n),
      );
      if (n === chunk.byteLength) {
        queue.shift();
      } else {
        chunk.byteOffset += n;
        chunk.byteLength -= n;
      }
      queue.total -= n;
      into.bytesFilled += n;
      count -= n;
    }
    return ready;
  }

  // What the source says.

  /** `view` is not empty; its buffer is detached. https://streams.spec.whatwg.org/#readable-byte-stream-controller-enqueue */
  enqueue(view) {
    if (!this.canCloseOrEnqueue()) return;
    const { buffer, byteOffset, byteLength } = new ViewParts(view);
    const bytes = transfer(buffer);
    const first = this.#pending.first;
    if (first !== undefined && first.buffer !== undefined) {
      if (isDetached(first.buffer)) throw new TypeError("The byobRequest.view is zero-length or was detached");
      this.invalidateRequest();
      first.buffer = transfer(first.buffer);
    }
    if (first !== undefined && first.by === kByNone) this.#enqueueAbandoned(first);
    const stream = this.stream;
    const reader = stream.reader;
    if (reader === undefined) {
      this.#enqueueChunk(bytes, byteOffset, byteLength);
    } else if (reader.byob) {
      this.#enqueueChunk(bytes, byteOffset, byteLength);
      this.#commitAll(this.#fillPending());
    } else {
      while (reader.requests.length > 0 && this.queue.total > 0) this.#fillRequest(reader.requests.shift());
      if (reader.requests.length === 0) {
        this.#enqueueChunk(bytes, byteOffset, byteLength);
      } else {
        // The buffer we would have allocated for this read is not needed.
        if (this.#pending.length > 0) this.#pending.shift();
        reader.requests.shift().chunk(new Uint8Array(bytes, byteOffset, byteLength));
      }
    }
    this.pullIfNeeded();
  }

  #enqueueChunk(buffer, byteOffset, byteLength) {
    this.queue.push(new ByteChunk(buffer, byteOffset, byteLength), 0);
    this.queue.total += byteLength;
  }

  /** The bytes that were written for a reader that is gone are the next ones of the stream. */
  #enqueueAbandoned(into) {
    const end = into.byteOffset + into.bytesFilled;
    if (into.bytesFilled > 0) this.#enqueueChunk(ArrayBufferPrototypeSlice(into.buffer, into.byteOffset, end), 0, into.bytesFilled);
    this.#pending.shift();
  }

  close() {
    if (!this.canCloseOrEnqueue()) return;
    if (this.queue.total > 0) {
      this.closeRequested = true;
      return;
    }
    const first = this.#pending.first;
    if (first !== undefined && first.bytesFilled % first.elementSize !== 0) {
      const error = new TypeError(kPartialAtClose);
      this.error(error);
      throw error;
    }
    this.closeRequested = true;
    this.forgetSource();
    this.stream.close();
    if (this.generous && first !== undefined && first.by === kByBYOB) this.#respondClosed(first);
  }

  error(reason) {
    if (this.stream.state !== kReadable) return;
    this.#clearPending();
    super.error(reason);
  }

  /** What the first BYOB read that waits is given at a cancel. */
  cancelledView() {
    if (!this.generous) return undefined;
    const into = this.#pending.shift();
    return new into.Constructor(into.buffer, into.byteOffset, 0);
  }

  cancelSteps(reason) {
    this.#clearPending();
    return super.cancelSteps(reason);
  }

  releaseSteps() {
    const first = this.#pending.first;
    if (first === undefined) return;
    if (first.buffer === undefined) first.buffer = new ArrayBuffer(first.byteLength);
    first.by = kByNone;
    this.#pending.take();
    first.next = undefined;
    this.#pending.push(first);
  }

  #clearPending() {
    this.invalidateRequest();
    this.#pending.take();
  }

  // BYOB requests.

  invalidateRequest() {
    if (this.request === undefined) return;
    this.detachRequest(this.request);
    this.request = undefined;
  }

  /** The part of the first waiting buffer that is to be filled, or undefined. */
  viewToFill() {
    const first = this.#pending.first;
    if (first === undefined) return undefined;
    if (first.buffer === undefined) first.buffer = new ArrayBuffer(first.byteLength);
    return new Uint8Array(first.buffer, first.byteOffset + first.bytesFilled, first.byteLength - first.bytesFilled);
  }

  get waitsForView() {
    return this.#pending.length > 0;
  }

  /** How many bytes the first waiting read still needs. */
  missing() {
    const first = this.#pending.first;
    return first === undefined ? 0 : MathMax(first.minimumFill, first.wanted) - first.bytesFilled;
  }

  /** https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond */
  respond(count) {
    const first = this.#pending.first;
    if (first !== undefined && isDetached(first.buffer)) throw new TypeError("Cannot respond with a zero-length or detached view");
    if (this.stream.state === kClosed) {
      if (count !== 0) throw new TypeError("The bytesWritten must be zero after the stream is closed.");
      if (first === undefined) {
        this.invalidateRequest();
        return;
      }
    } else {
      if (count === 0) throw new TypeError("The bytesWritten must be more than zero while the stream is open.");
      if (first.bytesFilled + count > first.byteLength) throw new RangeError(`Too many bytes [${count}] in response to a BYOB read request.`);
    }
    first.buffer = transfer(first.buffer);
    this.#respond(first, count);
  }

  /** https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-with-new-view */
  respondWithNewView(view) {
    const first = this.#pending.first;
    const { buffer, byteOffset, byteLength, elementSize, Constructor } = new ViewParts(view);
    if (isDetached(buffer)) throw new TypeError("The underlying ArrayBuffer has been detached.");
    if (this.stream.state === kClosed) {
      if (byteLength !== 0) throw new TypeError("The view must be empty after the stream is closed.");
      if (first === undefined) {
        this.invalidateRequest();
        return;
      }
    } else if (byteLength === 0) {
      throw new TypeError("The view byte length must be more than zero while the stream is open.");
    }
    if (first.byteOffset + first.bytesFilled !== byteOffset) throw new RangeError("The view has an invalid byte offset.");
    if (first.bufferByteLength !== ArrayBufferPrototypeGetByteLength(buffer)) throw new RangeError("The underlying ArrayBuffer is not the correct length.");
    if (first.bytesFilled + byteLength > first.byteLength) throw new RangeError("The view has too many bytes.");
    first.buffer = transfer(buffer);
    if (this.generous) {
      // On the reference runtime the reader gets a view of the kind that it is answered with.
      first.elementSize = elementSize;
      first.Constructor = Constructor;
    }
    this.#respond(first, byteLength);
  }

  #respond(first, count) {
    this.invalidateRequest();
    if (this.stream.state === kClosed) this.#respondClosed(first);
    else this.#respondReadable(first, count);
    this.pullIfNeeded();
  }

  #respondClosed(first) {
    if (first.by === kByNone) this.#pending.shift();
    const reader = this.stream.reader;
    if (reader === undefined || !reader.byob) return;
    const filled = new Chain();
    while (filled.length < reader.requests.length) filled.push(this.#pending.shift());
    this.#commitAll(filled);
  }

  #respondReadable(first, count) {
    first.bytesFilled += count;
    if (first.by === kByNone) {
      this.#enqueueAbandoned(first);
      this.#commitAll(this.#fillPending());
      return;
    }
    if (first.bytesFilled < first.minimumFill) return;
    this.#pending.shift();
    const rest = first.bytesFilled % first.elementSize;
    if (rest > 0) {
      const end = first.byteOffset + first.bytesFilled;
      this.#enqueueChunk(ArrayBufferPrototypeSlice(first.buffer, end - rest, end), 0, rest);
      first.bytesFilled -= rest;
    }
    const filled = this.#fillPending();
    this.#commit(first);
    this.#commitAll(filled);
  }

  /** https://streams.spec.whatwg.org/#readable-byte-stream-controller-process-pull-into-descriptors-using-queue */
  #fillPending() {
    const filled = new Chain();
    while (this.#pending.length > 0 && this.queue.total > 0) {
      if (!this.#fillFromQueue(this.#pending.first)) break;
      filled.push(this.#pending.shift());
    }
    return filled;
  }

  #commitAll(filled) {
    while (filled.length > 0) this.#commit(filled.shift());
  }

  #commit(into) {
    const stream = this.stream;
    const request = stream.reader.requests.shift();
    if (stream.state === kClosed) request.close(into.toView());
    else request.chunk(into.toView());
  }
}

module.exports = { ByteController, ViewParts, isDetached, transfer };
