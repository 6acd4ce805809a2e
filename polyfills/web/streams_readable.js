"use strict";
// ReadableStream, its readers and controllers, as scripts see them, and what other files may ask of a stream.
// https://streams.spec.whatwg.org/#rs

const {
  ArrayBufferIsView,
  BigInt,
  BigIntAsUintN,
  MathTrunc,
  PromiseReject,
  SymbolAsyncIterator,
  TypeError,
  Uint8Array,
} = primordials;
const { constructorError, define, fieldError, illegalConstructor, isAnyArrayBuffer, isObject, kConstruct, parameterError, toBoolean, toDOMString, toLong, toUnsignedLongLong } =
  require("core/webidl");
const { illegalInvocation } = require("core/errors");
const worker = require("core/worker");
const { ReadPromise } = require("web/streams_queue");
const { checkDictionary, convertStrategy, kNothing, lengthMember } = require("web/streams_strategy");
const { DefaultController, Readable, Reader, convertSource, kErrored, kReadable, kReaderReleased } = require("web/streams_readable_core");
const { ByteController, ViewParts } = require("web/streams_readable_byte");
const { BytesReadable, HostReadable } = require("web/streams_native");
const { pipe, pipeHandled } = require("web/streams_pipe");
const writables = require("web/streams_writable").internals;

const kLocked = "This ReadableStream is currently locked to a reader.";
const kNoBYOB = "This ReadableStream does not support BYOB reads.";

let isReadableStream;
let coreOf;

class ReadableStream {
  /** @type {Readable} */
  #core;
  constructor(underlyingSource = undefined, strategy = undefined) {
    if (underlyingSource === kConstruct) {
      this.#core = strategy;
      return;
    }
    checkDictionary(underlyingSource, "ReadableStream", 1, "UnderlyingSource");
    this.#core = new Readable();
    const source = underlyingSource ?? kNothing;
    const type = source.type;
    const kind = type === undefined ? "" : toDOMString(type);
    if (kind === "bytes") startBytes(this.#core, source, strategy);
    else if (kind === "") startDefault(this.#core, source, strategy);
    else throw new TypeError(`"${kind}" is not a valid type of ReadableStream.`);
  }

  static from(asyncIterable) {
    return createReadableStream(require("web/streams_iteration").fromIterable(asyncIterable));
  }

  get locked() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.reader !== undefined;
  }

  cancel(reason = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    const core = this.#core;
    return core.reader === undefined ? core.cancel(reason) : PromiseReject(new TypeError(kLocked));
  }

  getReader(options = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    return readerMode(options) ? new ReadableStreamBYOBReader(this) : new ReadableStreamDefaultReader(this);
  }

  pipeThrough(transform, options = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    if (!isObject(transform)) throw parameterError("pipeThrough", "ReadableStream", 1, "Transform");
    const readable = transform.readable;
    if (!isReadableStream(readable)) throw fieldError("readable", "Transform", "ReadableStream");
    const writable = transform.writable;
    if (!writables.isWritableStream(writable)) throw fieldError("writable", "Transform", "WritableStream");
    const { preventAbort, preventCancel, preventClose, signal } = pipeOptions(options, "pipeThrough");
    const core = this.#core;
    const dest = writables.coreOf(writable);
    if (core.reader !== undefined) throw new TypeError(kLocked);
    if (dest.writer !== undefined) throw new TypeError("This WritableStream is currently locked to a writer.");
    pipeHandled(core, dest, preventClose, preventAbort, preventCancel, signal);
    return readable;
  }

  pipeTo(destination, options = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    if (!writables.isWritableStream(destination)) return PromiseReject(parameterError("pipeTo", "ReadableStream", 1, "WritableStream"));
    let converted;
    try {
      converted = pipeOptions(options, "pipeTo");
    } catch (error) {
      return PromiseReject(error);
    }
    const { preventAbort, preventCancel, preventClose, signal } = converted;
    const core = this.#core;
    const dest = writables.coreOf(destination);
    if (core.reader !== undefined) return PromiseReject(new TypeError(kLocked));
    if (dest.writer !== undefined) return PromiseReject(new TypeError("This WritableStream is currently locked to a writer"));
    return pipe(core, dest, preventClose, preventAbort, preventCancel, signal);
  }

  tee() {
    if (!(#core in this)) throw illegalInvocation();
    if (this.#core.reader !== undefined) throw new TypeError("This ReadableStream is currently locked to a reader,");
    return tee(this);
  }

  values(options = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    return iterate(this.#core, options, "values");
  }

  [SymbolAsyncIterator](options = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    return iterate(this.#core, options, "values");
  }

  static {
    isReadableStream = (v) => typeof v === "object" && v !== null && #core in v;
    coreOf = (stream) => stream.#core;
  }
}
define(ReadableStream, "ReadableStream");

// Construction.

function startDefault(core, object, strategy) {
  const source = convertSource(object);
  core.length = lengthMember(object);
  const options = convertStrategy(strategy, 1, "ReadableStream", 2);
  const controller = new DefaultController(core, source, options);
  source.wrapper = new ReadableStreamDefaultController(kConstruct, controller);
  controller.start();
}

// Bytes are pulled in pieces of this size unless the source says otherwise: without a flag a source always has a byobRequest.
const kAutoAllocate = 4096;

function autoAllocateSize(size) {
  if (size !== undefined) return MathTrunc(+size);
  return worker.state.flags.streams_no_default_auto_allocate_chunk_size ? 0 : kAutoAllocate;
}

function startBytes(core, object, strategy) {
  const size = object.autoAllocateChunkSize;
  const chunkSize = autoAllocateSize(size);
  const source = convertSource(object);
  core.length = lengthMember(object);
  const { highWaterMark } = convertStrategy(strategy, 0, "ReadableStream", 2);
  if (size !== undefined && !(chunkSize > 0)) throw new TypeError("The autoAllocateChunkSize option cannot be zero.");
  const controller = new ByteController(core, source, highWaterMark, chunkSize);
  controller.generous = true;
  source.wrapper = new ReadableByteStreamController(kConstruct, controller);
  controller.start();
}

/** Whether ReadableStreamGetReaderOptions ask for a BYOB reader. */
function readerMode(options) {
  if (options === undefined || options === null) return false;
  if (!isObject(options)) throw parameterError("getReader", "ReadableStream", 1, "GetReaderOptions");
  const mode = options.mode;
  if (mode === undefined) return false;
  if (toDOMString(mode) !== "byob") throw new TypeError("mode must be undefined or 'byob' in call to getReader().");
  return true;
}

const kNoOptions = { __proto__: null, preventAbort: false, preventCancel: false, preventClose: false, signal: undefined };

/** https://streams.spec.whatwg.org/#dictdef-streampipeoptions */
function pipeOptions(options, method) {
  if (options === undefined || options === null) return kNoOptions;
  if (!isObject(options)) throw parameterError(method, "ReadableStream", 2, "PipeToOptions");
  const preventAbort = toBoolean(options.preventAbort);
  const preventCancel = toBoolean(options.preventCancel);
  const preventClose = toBoolean(options.preventClose);
  const signal = options.signal;
  if (signal !== undefined && !require("web/abort").internals.isAbortSignal(signal)) throw fieldError("signal", "PipeToOptions", "AbortSignal");
  return { __proto__: null, preventAbort, preventCancel, preventClose, signal };
}

function iterate(core, options, method) {
  let preventCancel = false;
  if (options !== undefined && options !== null) {
    if (!isObject(options)) throw parameterError(method, "ReadableStream", 1, "ValuesOptions");
    preventCancel = toBoolean(options.preventCancel);
  }
  if (core.reader !== undefined) throw new TypeError(kLocked);
  return require("web/streams_iteration").iterator(core, preventCancel);
}

function tee(stream) {
  const [first, second] = require("web/streams_tee").tee(coreOf(stream));
  return [createReadableStream(first), createReadableStream(second)];
}

// Readers.

/** The error that keeps a reader from being released while a read waits; only native streams have it. */
function checkRelease(reader) {
  if (reader.stream === undefined) return;
  const error = reader.stream.releaseError;
  if (error !== undefined) throw error;
}

class ReadableStreamDefaultReader {
  /** @type {Reader} */
  #core;
  constructor(stream) {
    if (!isReadableStream(stream)) throw constructorError("ReadableStreamDefaultReader", 1, "ReadableStream");
    const core = coreOf(stream);
    if (core.reader !== undefined) throw new TypeError(kLocked);
    this.#core = new Reader(core, false);
  }

  get closed() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.closed();
  }

  cancel(reason = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.cancel(reason);
  }

  read() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.read(new JoiningRead());
  }

  releaseLock() {
    if (!(#core in this)) throw illegalInvocation();
    checkRelease(this.#core);
    this.#core.releaseLock();
  }
}
define(ReadableStreamDefaultReader, "ReadableStreamDefaultReader");

class ReadableStreamBYOBReader {
  /** @type {Reader} */
  #core;
  constructor(stream) {
    if (!isReadableStream(stream)) throw constructorError("ReadableStreamBYOBReader", 1, "ReadableStream");
    const core = coreOf(stream);
    if (core.reader !== undefined) throw new TypeError(kLocked);
    if (!core.bytes) throw new TypeError(kNoBYOB);
    this.#core = new Reader(core, true);
  }

  get closed() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.closed();
  }

  cancel(reason = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.cancel(reason);
  }

  read(view, options = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    try {
      if (!ArrayBufferIsView(view)) throw parameterError("read", "ReadableStreamBYOBReader", 1, "ArrayBufferView");
      return readInto(this.#core, view, minimumOf(options), worker.state.flags.streams_byob_reader_detaches_buffer ? new ReadPromise() : new BorrowingRead());
    } catch (error) {
      return PromiseReject(error);
    }
  }

  releaseLock() {
    if (!(#core in this)) throw illegalInvocation();
    checkRelease(this.#core);
    this.#core.releaseLock();
  }

  /** The reference runtime's older form of read(view, { min }). What is left at the end of the stream is a chunk like others. */
  readAtLeast(minElements, view) {
    if (!(#core in this)) throw illegalInvocation();
    try {
      const min = toLong(minElements);
      if (!ArrayBufferIsView(view)) throw parameterError("readAtLeast", "ReadableStreamBYOBReader", 2, "ArrayBufferView");
      return readInto(this.#core, view, min, new ReadAtLeast());
    } catch (error) {
      return PromiseReject(error);
    }
  }
}
define(ReadableStreamBYOBReader, "ReadableStreamBYOBReader");

function minimumOf(options) {
  if (options === undefined || options === null) return 1;
  if (!isObject(options)) throw parameterError("read", "ReadableStreamBYOBReader", 2, "ReadableStreamBYOBReaderReadOptions");
  const min = options.min;
  return min === undefined ? 1 : toUnsignedLongLong(min);
}

/** A read that leaves its buffer to the script until it is answered; only native streams do. */
class BorrowingRead extends ReadPromise {
  get borrows() {
    return true;
  }
}

/** A read that gets small chunks of bytes that wait together, as on the reference runtime. */
class JoiningRead extends ReadPromise {
  get joins() {
    return true;
  }
}

/** A read whose answer is not the end of the stream if it has bytes. */
class ReadAtLeast extends ReadPromise {
  /** Whether less than the minimum will do at the end. */
  get takesRest() {
    return true;
  }
  close(view) {
    if (view !== undefined && new ViewParts(view).byteLength > 0) this.chunk(view);
    else super.close(view);
  }
}

function tooMuchAsked(min, byteLength) {
  return new TypeError(`Minimum bytes to read (${min}) exceeds size of buffer (${byteLength}).`);
}

/** Checks of https://streams.spec.whatwg.org/#byob-reader-read; `min` is in elements. */
function readInto(reader, view, min, request) {
  const { byteLength, elementSize } = new ViewParts(view);
  if (byteLength === 0) throw new TypeError('You must call read() on a "byob" reader with a positive-sized TypedArray object.');
  if (min === 0) throw new TypeError("Requested invalid minimum number of bytes to read (0).");
  // The reference runtime reads a negative number as an unsigned one.
  if (min < 0) throw tooMuchAsked(BigIntAsUintN(64, BigInt(min)), byteLength);
  if (min * elementSize > byteLength) throw tooMuchAsked(min * elementSize, byteLength);
  if (reader.stream === undefined) throw new TypeError(kReaderReleased);
  reader.readInto(view, min, request);
  return request.promise();
}

// Controllers.

const kClosedStream = "This ReadableStream is closed.";

class ReadableStreamDefaultController {
  /** @type {DefaultController} */
  #core;
  constructor(token = undefined, core = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#core = core;
  }

  get desiredSize() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.desiredSize();
  }

  close() {
    if (!(#core in this)) throw illegalInvocation();
    if (!this.#core.canCloseOrEnqueue()) throw new TypeError(kClosedStream);
    this.#core.close();
  }

  enqueue(chunk = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    if (!this.#core.canCloseOrEnqueue()) throw new TypeError("Unable to enqueue");
    try {
      this.#core.enqueue(chunk);
    } catch {
      // The stream is errored by it; the reference runtime does not tell the caller, the standard does.
    }
  }

  error(reason) {
    if (!(#core in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("error", "ReadableStreamDefaultController", 1, "Value");
    this.#core.error(reason);
  }
}
define(ReadableStreamDefaultController, "ReadableStreamDefaultController");

class ReadableByteStreamController {
  /** @type {ByteController} */
  #core;
  constructor(token = undefined, core = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#core = core;
  }

  get byobRequest() {
    if (!(#core in this)) throw illegalInvocation();
    const core = this.#core;
    if (core.request === undefined) {
      const view = core.viewToFill();
      if (view === undefined) return null;
      core.request = new ReadableStreamBYOBRequest(kConstruct, core, view);
      core.detachRequest = detachRequest;
    }
    return core.request;
  }

  get desiredSize() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.desiredSize();
  }

  close() {
    if (!(#core in this)) throw illegalInvocation();
    if (!this.#core.canCloseOrEnqueue()) throw new TypeError(kClosedStream);
    this.#core.close();
  }

  enqueue(chunk) {
    if (!(#core in this)) throw illegalInvocation();
    const view = bufferSource(chunk, "enqueue", "ReadableByteStreamController");
    if (new ViewParts(view).byteLength === 0) throw new TypeError("Cannot enqueue a zero-length ArrayBuffer.");
    if (!this.#core.canCloseOrEnqueue()) throw new TypeError("This ReadableByteStreamController is closed.");
    this.#core.enqueue(view);
  }

  error(reason) {
    if (!(#core in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("error", "ReadableByteStreamController", 1, "Value");
    this.#core.error(reason);
  }
}
define(ReadableByteStreamController, "ReadableByteStreamController");

/** A view of a BufferSource argument; the reference runtime takes an ArrayBuffer where the standard wants a view. */
function bufferSource(value, method, iface) {
  if (ArrayBufferIsView(value)) return value;
  if (isAnyArrayBuffer(value)) return new Uint8Array(value);
  throw parameterError(method, iface, 1, "BufferSource");
}

let detachRequest;

class ReadableStreamBYOBRequest {
  /** @type {ByteController | undefined} undefined once it is answered */
  #core;
  #view;
  constructor(token = undefined, core = undefined, view = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#core = core;
    this.#view = view;
  }

  get view() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#view;
  }

  /** How many bytes the read needs at least: an extension of the reference runtime. */
  get atLeast() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core === undefined ? null : this.#core.missing();
  }

  respond(bytesWritten) {
    if (!(#core in this)) throw illegalInvocation();
    if (bytesWritten === undefined) throw parameterError("respond", "ReadableStreamBYOBRequest", 1, "integer");
    const count = toLong(bytesWritten);
    if (this.#core === undefined) throw new TypeError(kInvalidated);
    this.#core.respond(count < 0 ? 0 : count);
  }

  respondWithNewView(view) {
    if (!(#core in this)) throw illegalInvocation();
    const bytes = bufferSource(view, "respondWithNewView", "ReadableStreamBYOBRequest");
    if (this.#core === undefined) throw new TypeError(kInvalidated);
    this.#core.respondWithNewView(bytes);
  }

  /** Cuts a request off from its controller. */
  static {
    detachRequest = (request) => {
      request.#core = undefined;
      request.#view = null;
    };
  }
}
define(ReadableStreamBYOBRequest, "ReadableStreamBYOBRequest");

const kInvalidated = "This ReadableStreamBYOBRequest has been invalidated.";

// Internals.

/** A ReadableStream over a core, as an internal caller makes one. */
function createReadableStream(core) {
  return new ReadableStream(kConstruct, core);
}

/** A byte stream over a body of the host; it must be used in the context in force now. `length` is -1 if unknown. */
function createHostStream(rid, length, context, failure) {
  return new ReadableStream(kConstruct, new HostReadable(rid, length, context, failure));
}

/** A byte stream that gives `bytes`, which it then owns, once. */
function createBytesStream(bytes, origin) {
  return new ReadableStream(kConstruct, new BytesReadable(bytes, false, origin));
}

/** A stream that is closed from the start. */
function closeEmpty() {
  const core = new BytesReadable(new Uint8Array(0), false);
  core.close();
  return new ReadableStream(kConstruct, core);
}

/** The number of bytes still to come as inspection shows it. */
function inspectLength(stream) {
  const core = coreOf(stream);
  const length = core.remaining();
  return length < 0 ? undefined : BigInt(length);
}

const stateNames = { __proto__: null, [kReadable]: "readable", [kErrored]: "errored" };

const internals = {
  __proto__: null,
  inspect: {
    __proto__: null,
    ReadableStream: {
      __proto__: null,
      state: (stream) => stateNames[coreOf(stream).state] ?? "closed",
      supportsBYOB: (stream) => coreOf(stream).bytes,
      length: inspectLength,
    },
  },
  isReadableStream,
  isLocked: (stream) => coreOf(stream).reader !== undefined,
  isDisturbed: (stream) => coreOf(stream).disturbed,
  isErrored: (stream) => coreOf(stream).state === kErrored,
  isReadable: (stream) => coreOf(stream).state === kReadable,
  acquireReader: (stream) => new Reader(coreOf(stream), false),
  cancel: (stream, reason) => coreOf(stream).cancel(reason),
  hostLength: (stream) => coreOf(stream).knownLength(),
  takeHostBody: (stream) => coreOf(stream).takeHandle(),
  bytesOfWhole: (value) => require("web/streams_collect").Whole.bytesOf(value),
  readAllBytes: (stream) => require("web/streams_collect").readAllBytes(coreOf(stream)),
  tee,
  createHostStream,
  createBytesStream,
  closeEmpty,
  createReadableStream,
  coreOf,
};

require("core/clone").registerCloneable(
  66,
  "ReadableStream",
  isReadableStream,
  (stream) => require("cloudflare/rpc_streams").writeReadable(stream),
  (data) => require("cloudflare/rpc_streams").readReadable(data),
);

module.exports = {
  ReadableStream,
  ReadableStreamDefaultReader,
  ReadableStreamBYOBReader,
  ReadableStreamDefaultController,
  ReadableByteStreamController,
  ReadableStreamBYOBRequest,
  internals,
};
