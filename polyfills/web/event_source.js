"use strict";
// EventSource, https://html.spec.whatwg.org/#server-sent-events
// `fetcher` and EventSource.from() are the platform's: https://developers.cloudflare.com/workers/runtime-apis/eventsource/
// An error that will not be mended closes it; what ends it goes to the log, too.

const { Error, MathMax, MathMin, ObjectDefineProperty, PromisePrototypeThen, PromiseResolve, Symbol, TypeError } = primordials;
const { constructorError, define, defineConstants, fieldError, isObject, kConstruct, parameterError, toBoolean, toUSVString } = require("core/webidl");
const { illegalInvocation, isPlatformError, makeError } = require("core/errors");
const context = require("core/context");
const { state: worker } = require("core/worker");
const aborts = require("web/abort").internals;
const { contentTypeOf, streamOf } = require("web/body_state");
const { DOMException } = require("web/dom_exception");
const { ErrorEvent, MessageEvent, internals: eventKinds } = require("web/event");
const { EventTarget, internals: events } = require("web/event_target");
const { EventStreamParser } = require("web/event_source_parser");
const { fetchOn, originOf } = require("web/fetch").internals;
const mime = require("web/mime");
const responses = require("web/response").internals;
const { toBytes } = require("web/streams_bytes");
const { setHandled } = require("web/streams_queue");
const streams = require("web/streams_readable").internals;
const timers = require("web/timers").internals;
const { parseHref } = require("web/url").internals;

const kConnecting = 0;
const kOpen = 1;
const kClosed = 2;

// Before it connects again, in milliseconds.
const kRetry = 2000;
const kMinRetry = 1000;
const kMaxRetry = 10000;

/** The members of an EventSourceInit; the fetcher as op_fetch takes it, 0 for the global one. */
function convertInit(init) {
  const dict = { __proto__: null, withCredentials: false, fetcher: 0 };
  if (init === undefined || init === null) return dict;
  if (!isObject(init)) throw constructorError("EventSource", 2, "EventSourceInit");
  const { withCredentials, fetcher } = init;
  if (withCredentials !== undefined) dict.withCredentials = toBoolean(withCredentials);
  if (fetcher === undefined) return dict;
  dict.fetcher = require("cloudflare/service_stub").fetcherTarget(fetcher);
  if (dict.fetcher === undefined) throw fieldError("fetcher", "EventSourceInit", "Fetcher");
  return dict;
}

function requireRequest() {
  if (context.current() !== undefined) return;
  throw makeError("NotSupportedError", "An EventSource can only be created within the context of a worker request.");
}

/** Why a response is no event stream; undefined if it is one. */
function refusalOf(state) {
  if (state.status < 200 || state.status > 299) return `The response status code was ${state.status}.`;
  const contentType = contentTypeOf(state);
  if (contentType === null) return "No content type header was present in the response.";
  if (mime.parse(contentType)?.essence !== "text/event-stream") return `The content type '${contentType}' is invalid.`;
  return undefined;
}

/** Reads a stream to its end, for a Connection. It is the read request of its own reads, whose answers may come before readWith() returns. */
class BodyReading {
  next;
  #reader;
  #connection;
  #inLoop = false;
  #answered = false;

  constructor(stream, connection) {
    this.#reader = streams.acquireReader(stream);
    this.#connection = connection;
  }

  read() {
    this.#inLoop = true;
    do {
      this.#answered = false;
      this.#reader?.readWith(this);
    } while (this.#answered && this.#reader !== undefined);
    this.#inLoop = false;
  }

  stop(reason) {
    if (this.#reader !== undefined) setHandled(this.#reader.cancel(reason));
    this.#reader = undefined;
  }

  chunk(value) {
    this.#answered = true;
    if (this.#reader === undefined) return;
    this.#connection.onChunk(value);
    if (!this.#inLoop) this.read();
  }

  close() {
    this.#reader = undefined;
    this.#connection.onEnd();
  }

  error(reason) {
    this.#reader = undefined;
    this.#connection.onError(reason);
  }
}

/** Connects, reads and connects again, on behalf of an EventSource. */
class Connection {
  target;
  readyState = kConnecting;
  url = "";
  /** As op_fetch takes it; undefined if there is only a stream. */
  #fetcher;
  #context = context.current();
  #signal = aborts.createSignal();
  #parser = new EventStreamParser(this, "");
  /** @type {BodyReading | undefined} */
  #reading;
  #origin = null;
  #retryAfter = kRetry;
  #timer = 0;
  #hadNoBody = false;

  constructor(target) {
    this.target = target;
  }

  /** Begins to fetch. */
  fetchFrom(url, fetcher) {
    this.url = url;
    this.#fetcher = fetcher;
    this.#connect();
  }

  close() {
    if (this.readyState === kClosed) return;
    this.readyState = kClosed;
    this.#abandon(undefined);
  }

  /** Lets go of the response, or of the wait for the next one. */
  #abandon(reason) {
    if (this.#timer !== 0) timers.stop(this.#timer);
    this.#timer = 0;
    aborts.signalAbort(this.#signal, reason);
    this.#reading?.stop(reason);
    this.#reading = undefined;
  }

  async #connect() {
    const headers = { __proto__: null, accept: "text/event-stream", "cache-control": "no-cache" };
    if (this.#parser.lastEventId !== "") headers["last-event-id"] = this.#parser.lastEventId;
    try {
      const init = { __proto__: null, headers, signal: this.#signal };
      this.#onResponse(await fetchOn(this.#fetcher, this.url, init));
    } catch (error) {
      this.#fail(error, false);
    }
  }

  #onResponse(response) {
    const state = responses.stateOf(response);
    if (this.readyState === kClosed) return;
    const refusal = refusalOf(state);
    if (refusal !== undefined) {
      this.#fail(makeError("AbortError", refusal), false);
      return;
    }
    if (response.redirected) this.url = response.url;
    this.#origin = originOf(this.url);
    const stream = state.body === null ? null : streamOf(state);
    if (stream !== null) this.run(stream);
    else this.#onNoBody();
  }

  // A server that has nothing to say gets one more chance.
  #onNoBody() {
    if (this.#hadNoBody) {
      this.#fail(new Error("The server provided no content."), false);
      return;
    }
    this.#hadNoBody = true;
    this.#fail(new Error("The server provided no content. Will try reconnecting."), true);
  }

  /** Reads an event stream. */
  run(stream) {
    this.#parser = new EventStreamParser(this, this.#parser.lastEventId);
    const reading = new BodyReading(stream, this);
    this.#reading = reading;
    this.readyState = kOpen;
    this.#dispatch(new eventKinds.OpenEvent(kConstruct));
    // Later, so that who has made this object can listen first.
    PromisePrototypeThen(PromiseResolve(undefined), () => reading.read());
  }

  onChunk(value) {
    try {
      this.#parser.feed(toBytes(value));
    } catch (error) {
      this.#fail(error, false);
    }
  }

  onEnd() {
    this.#fail(new Error("The server disconnected."), this.#fetcher !== undefined);
  }

  // A connection that is lost is one that has ended.
  onError(reason) {
    if (this.#fetcher !== undefined && isPlatformError(reason)) this.onEnd();
    else this.#fail(reason, false);
  }

  // Of the parser.

  message(type, data) {
    if (this.readyState !== kOpen) return;
    const init = { __proto__: null, data, lastEventId: this.#parser.lastEventId, origin: this.#origin };
    const thrown = this.#dispatch(new MessageEvent(type, init, kConstruct));
    if (thrown !== undefined) this.#fail(thrown.error, false);
  }

  retry(milliseconds) {
    this.#retryAfter = MathMax(kMinRetry, MathMin(milliseconds, kMaxRetry));
  }

  // Events.

  #dispatch(event) {
    return events.deliver(this.target, event);
  }

  #fail(error, again) {
    if (this.readyState === kClosed) return;
    this.#abandon(error);
    this.readyState = again ? kConnecting : kClosed;
    const thrown = this.#dispatch(new ErrorEvent("error", { __proto__: null, error }, kConstruct));
    ops.op_report_uncaught(error);
    if (thrown !== undefined && !worker.flags.spec_compliant_dispatch_exceptions) ops.op_report_uncaught(thrown.error);
    if (!again || this.readyState === kClosed) return;
    this.#signal = aborts.createSignal();
    const reconnect = () => {
      this.#timer = 0;
      this.#connect();
    };
    this.#timer = timers.start(this.#context, reconnect, undefined, this.#retryAfter, false);
  }
}

let connectionOf;

class EventSource extends EventTarget {
  /** @type {Connection} */
  #connection;

  constructor(url, init = undefined) {
    if (url === kConstruct) {
      super();
      this.#connection = new Connection(this);
      return;
    }
    if (arguments.length === 0) throw constructorError("EventSource", 1, "string");
    const text = toUSVString(url);
    const { withCredentials, fetcher } = convertInit(init);
    requireRequest();
    if (withCredentials) throw makeError("NotSupportedError", "The init.withCredentials option is not supported. It must be false or undefined.");
    const href = parseHref(text);
    if (href === undefined) throw new DOMException(`Cannot open an EventSource to '${text}'. The URL is invalid.`, "SyntaxError");
    super();
    this.#connection = new Connection(this);
    this.#connection.fetchFrom(href, fetcher);
  }

  static from(stream) {
    if (!streams.isReadableStream(stream)) throw parameterError("from", "EventSource", 1, "JsReadableStream");
    requireRequest();
    if (streams.isLocked(stream)) throw new TypeError("This ReadableStream is locked.");
    if (streams.coreOf(stream).disturbed) throw new TypeError("This ReadableStream has already been read from.");
    const source = new EventSource(kConstruct);
    source.#connection.run(stream);
    return source;
  }

  static {
    connectionOf = (value) => {
      if (!isObject(value) || !(#connection in value)) throw illegalInvocation();
      return value.#connection;
    };
  }

  close() {
    connectionOf(this).close();
  }

  get url() {
    return connectionOf(this).url;
  }

  get withCredentials() {
    connectionOf(this);
    return false;
  }

  get readyState() {
    return connectionOf(this).readyState;
  }

  get onopen() {
    return events.getHandler(connectionOf(this).target, "open");
  }

  set onopen(value) {
    events.setHandler(connectionOf(this).target, "open", value);
  }

  get onmessage() {
    return events.getHandler(connectionOf(this).target, "message");
  }

  set onmessage(value) {
    events.setHandler(connectionOf(this).target, "message", value);
  }

  get onerror() {
    return events.getHandler(connectionOf(this).target, "error");
  }

  set onerror(value) {
    events.setHandler(connectionOf(this).target, "error", value);
  }
}
define(EventSource, "EventSource");
defineConstants(EventSource, { CONNECTING: kConnecting, OPEN: kOpen, CLOSED: kClosed });
ObjectDefineProperty(EventSource.prototype, Symbol.dispose, {
  __proto__: null,
  value: {
    [""]() {
      connectionOf(this).close();
    },
  }[""],
  writable: true,
  enumerable: false,
  configurable: true,
});

module.exports = { EventSource };
