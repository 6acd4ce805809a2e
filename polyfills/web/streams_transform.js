"use strict";
// TransformStream. https://streams.spec.whatwg.org/#ts
// Also the home of the interface objects of streams_identity.

const { FunctionPrototypeCall, PromisePrototypeThen, TypeError } = primordials;
const { define, illegalConstructor, kConstruct, parameterError } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { Deferred, noop, promised } = require("web/streams_queue");
const { callbackMember, checkDictionary, convertStrategy, kNothing, lengthMember } = require("web/streams_strategy");
const { DefaultController, Readable, kErrored: kReadableErrored } = require("web/streams_readable_core");
const { Sink, Writable, WritableController, kErrored, kErroring } = require("web/streams_writable_core");
const { createReadableStream } = require("web/streams_readable").internals;
const { createWritableStream } = require("web/streams_writable").internals;

const kNotReadable = "The readable side of this TransformStream is no longer readable.";
const kTerminated = "The transform stream has been terminated";

/** A transformer that scripts gave: its callbacks, called on it as WebIDL says. */
class UserTransformer {
  #object;
  #cancel;
  #flush;
  #start;
  #transform;
  /** The controller as scripts see it. */
  wrapper;
  constructor(object, cancel, flush, start, transform) {
    this.#object = object;
    this.#cancel = cancel;
    this.#flush = flush;
    this.#start = start;
    this.#transform = transform;
  }
  start() {
    return this.#start === undefined ? undefined : FunctionPrototypeCall(this.#start, this.#object, this.wrapper);
  }
  transform(chunk, stream) {
    if (this.#transform !== undefined) return FunctionPrototypeCall(this.#transform, this.#object, chunk, this.wrapper);
    stream.enqueue(chunk);
    return undefined;
  }
  flush() {
    return this.#flush === undefined ? undefined : FunctionPrototypeCall(this.#flush, this.#object, this.wrapper);
  }
  cancel(reason) {
    return this.#cancel === undefined ? undefined : FunctionPrototypeCall(this.#cancel, this.#object, reason);
  }
}

function convertTransformer(object) {
  const readableType = object.readableType;
  const writableType = object.writableType;
  const start = callbackMember(object, "start", "Transformer");
  const transform = callbackMember(object, "transform", "Transformer");
  const flush = callbackMember(object, "flush", "Transformer");
  const cancel = callbackMember(object, "cancel", "Transformer");
  if (readableType !== undefined) throw new TypeError("transformer.readableType must be undefined.");
  if (writableType !== undefined) throw new TypeError("transformer.writableType must be undefined.");
  return new UserTransformer(object, cancel, flush, start, transform);
}

/** A promise resolved with what `steps` gives, or rejected with what it throws. A promise it gives takes the turns that resolving with one does. */
function attempt(steps) {
  const outcome = new Deferred();
  try {
    outcome.resolve(steps());
  } catch (error) {
    outcome.reject(error);
  }
  return outcome.promise;
}

/** The core: the sink of its writable side and the source of its readable side. */
class Transform extends Sink {
  readable = new Readable();
  writable = new Writable();
  pulls = true;
  #transformer;
  #started;
  #backpressure = true;
  /** Settled when #backpressure changes next. */
  #change;
  /** The outcome of the flush, abort or cancel that has begun. */
  #finish;

  /**
   * @param {object} transformer with start(), transform(chunk, this), flush(this), cancel(reason), which may throw or give a promise
   * @param {Strategy} writableStrategy
   * @param {Strategy} readableStrategy
   */
  constructor(transformer, writableStrategy, readableStrategy) {
    super();
    this.#transformer = transformer;
    new WritableController(this.writable, this, writableStrategy);
    new DefaultController(this.readable, this, readableStrategy);
  }

  /** Starts both sides once the transformer has started. An exception errors them; the standard rethrows it. */
  begin() {
    // One turn more than start() takes, as by the standard: what is cancelled at once has not started.
    this.#started = PromisePrototypeThen(
      attempt(() => this.#transformer.start()),
      noop,
    );
    this.writable.controller.start();
    this.readable.controller.start();
  }
  start() {
    return this.#started;
  }

  // The sink.

  write(chunk) {
    if (!this.#backpressure) return this.#transform(chunk);
    return PromisePrototypeThen(this.#changed(), () => {
      const writable = this.writable;
      if (writable.state === kErroring) throw writable.stored;
      return this.#transform(chunk);
    });
  }

  #transform(chunk) {
    let result;
    try {
      result = this.#transformer.transform(chunk, this);
    } catch (error) {
      this.error(error);
      throw error;
    }
    if (result === undefined) return undefined;
    return PromisePrototypeThen(promised(result), undefined, (error) => {
      this.error(error);
      throw error;
    });
  }

  close() {
    if (this.#finish !== undefined) return this.#finish.promise;
    const readable = this.readable;
    const transformer = this.#transformer;
    return this.#end(
      () => transformer.flush(this),
      () => {
        if (readable.state === kReadableErrored) throw readable.stored;
        readable.controller.close();
      },
      (error) => readable.controller.error(error),
    );
  }

  abort(reason) {
    if (this.#finish !== undefined) return this.#finish.promise;
    const readable = this.readable;
    const transformer = this.#transformer;
    return this.#end(
      () => transformer.cancel(reason),
      () => {
        if (readable.state === kReadableErrored) throw readable.stored;
        readable.controller.error(reason);
      },
      (error) => readable.controller.error(error),
    );
  }

  // The source.

  pull() {
    this.#setBackpressure(false);
    return this.#changed();
  }

  cancel(reason) {
    if (this.#finish !== undefined) return this.#finish.promise;
    const writable = this.writable;
    const transformer = this.#transformer;
    return this.#end(
      () => transformer.cancel(reason),
      () => {
        if (writable.state === kErrored) throw writable.stored;
        writable.controller.errorIfNeeded(reason);
        this.#unblockWrite();
      },
      (error) => {
        writable.controller.errorIfNeeded(error);
        this.#unblockWrite();
      },
    );
  }

  /** Runs the transformer's last callback, then what its outcome means for the other side. */
  #end(callback, onDone, onFailed) {
    const finish = new Deferred();
    this.#finish = finish;
    const result = attempt(callback);
    this.#transformer = undefined;
    PromisePrototypeThen(
      result,
      () => {
        try {
          onDone();
          finish.resolve(undefined);
        } catch (error) {
          finish.reject(error);
        }
      },
      (error) => {
        onFailed(error);
        finish.reject(error);
      },
    );
    return finish.promise;
  }

  // Backpressure.

  #changed() {
    if (this.#change === undefined) this.#change = new Deferred();
    return this.#change.promise;
  }

  #setBackpressure(backpressure) {
    const change = this.#change;
    this.#change = undefined;
    this.#backpressure = backpressure;
    if (change !== undefined) change.resolve(undefined);
  }

  #unblockWrite() {
    if (this.#backpressure) this.#setBackpressure(false);
  }

  // The controller.

  enqueue(chunk) {
    const { readable } = this;
    const controller = readable.controller;
    if (!controller.canCloseOrEnqueue()) throw new TypeError(kNotReadable);
    try {
      controller.enqueue(chunk);
    } catch (error) {
      this.#errorWritable(error);
      throw readable.stored;
    }
    if (!controller.shouldPull() && !this.#backpressure) this.#setBackpressure(true);
  }

  error(reason) {
    this.readable.controller.error(reason);
    this.#errorWritable(reason);
  }

  #errorWritable(reason) {
    this.#transformer = kEnded;
    this.writable.controller.errorIfNeeded(reason);
    this.#unblockWrite();
  }

  terminate() {
    this.readable.controller.close();
    this.#errorWritable(new TypeError(kTerminated));
  }
}

// Stands for a transformer whose callbacks are not called any more.
const kEnded = new UserTransformer(undefined, undefined, undefined, undefined, undefined);

class TransformStream {
  /** @type {{ readable: Readable, writable: Writable }} */
  #core;
  #readable;
  #writable;
  constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
    if (transformer === kConstruct) {
      this.#core = writableStrategy;
      return;
    }
    checkDictionary(transformer, "TransformStream", 1, "Transformer");
    const algorithms = convertTransformer(transformer ?? kNothing);
    const writing = convertStrategy(writableStrategy, 1, "TransformStream", 2);
    const reading = convertStrategy(readableStrategy, 0, "TransformStream", 3);
    const core = new Transform(algorithms, writing, reading);
    core.readable.length = lengthMember(transformer ?? kNothing);
    this.#core = core;
    algorithms.wrapper = new TransformStreamDefaultController(kConstruct, core);
    core.begin();
  }

  get readable() {
    if (!(#core in this)) throw illegalInvocation();
    return (this.#readable ??= createReadableStream(this.#core.readable));
  }

  get writable() {
    if (!(#core in this)) throw illegalInvocation();
    return (this.#writable ??= createWritableStream(this.#core.writable));
  }
}
define(TransformStream, "TransformStream");

class TransformStreamDefaultController {
  /** @type {Transform} */
  #core;
  constructor(token = undefined, core = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#core = core;
  }

  get desiredSize() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.readable.controller.desiredSize();
  }

  enqueue(chunk = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    this.#core.enqueue(chunk);
  }

  error(reason) {
    if (!(#core in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("error", "TransformStreamDefaultController", 1, "Value");
    this.#core.error(reason);
  }

  terminate() {
    if (!(#core in this)) throw illegalInvocation();
    this.#core.terminate();
  }
}
define(TransformStreamDefaultController, "TransformStreamDefaultController");

const { defineIdentity } = require("web/streams_identity");
const { FixedLengthStream, IdentityTransformStream, ownSides } = defineIdentity(TransformStream);

module.exports = {
  FixedLengthStream,
  IdentityTransformStream,
  TransformStream,
  TransformStreamDefaultController,
  internals: { __proto__: null, Transform, ownSides },
};
