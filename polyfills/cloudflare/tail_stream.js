"use strict";
// Streaming tail handlers: tailStream(onset, env, ctx) is told of another worker's event when it begins, and what it returns, a function or an
// object of functions by kind, of all that happens then. https://developers.cloudflare.com/workers/observability/logs/tail-workers/

const { ArrayPrototypePush, BigInt, Date, FunctionPrototypeCall, JSONParse, ObjectHasOwn, PromisePrototypeThen, PromiseResolve, WeakMap, WeakMapPrototypeDelete, WeakMapPrototypeGet, WeakMapPrototypeSet } =
  primordials;
const { isObject } = require("core/webidl");
const context = require("core/context");
const worker = require("core/worker");
const { unpack } = require("web/headers").internals;

const kNoHandler = "A worker configured to act as a streaming tail worker does not export a tailStream() handler.";
const kBadHandler = "A worker configured to act as a streaming tail worker did not return a valid tailStream() handler.";

const warned = { __proto__: null };

function warnOnce(ctx, text) {
  if (warned[text]) return;
  warned[text] = true;
  ops.op_console(ctx.id, "warn", text);
}

/** A stream that a tail is told of. */
class Session {
  // What tailStream returned; events that come before it is known wait.
  handler = undefined;
  waiting = [];
  // How many promises of the handler are pending, and whether the outcome has come.
  pending = 0;
  over = false;

  constructor(ctx, invocation, trace) {
    this.ctx = ctx;
    this.invocation = invocation;
    this.trace = trace;
  }

  /** An event as scripts get it. */
  wrap(span, time, sequence, event) {
    const spanContext = { traceId: this.trace };
    if (span !== null) spanContext.spanId = span;
    return { spanContext, invocationId: this.invocation, timestamp: new Date(time), sequence, event };
  }

  /** The handler of the worker has returned. */
  accept(value) {
    if (!isObject(value)) {
      if (value !== undefined) {
        warnOnce(
          this.ctx,
          `tailStream() handler returned an unusable value. The tailStream() handler is expected to return either a function, an object, or undefined. Received ${typeof value}`,
        );
      }
      this.end();
      return;
    }
    this.handler = value;
    const { waiting } = this;
    this.waiting = [];
    for (let i = 0; i < waiting.length; i++) this.tell(waiting[i]);
  }

  tell(event) {
    if (this.ctx.answered) return;
    if (this.handler === undefined) {
      ArrayPrototypePush(this.waiting, event);
      return;
    }
    if (event.event.type === "outcome") this.over = true;
    const { handler } = this;
    const f = typeof handler === "function" ? handler : handler[event.event.type];
    let result;
    try {
      if (typeof f === "function") result = FunctionPrototypeCall(f, handler, event);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.pending++;
    PromisePrototypeThen(PromiseResolve(result), () => this.settled(), (error) => this.fail(error));
  }

  settled() {
    if (--this.pending === 0 && this.over) this.end();
  }

  /** It is told nothing more. */
  end() {
    const { ctx } = this;
    if (ctx.answered || ctx.ended) return;
    WeakMapPrototypeDelete(sessions, ctx);
    ctx.answered = true;
    ops.op_tail_done(ctx.id);
    require("core/dispatch").endIfDone(ctx);
  }

  fail(error) {
    WeakMapPrototypeDelete(sessions, this.ctx);
    require("core/dispatch").fail(this.ctx, error);
  }
}

// By their contexts.
const sessions = new WeakMap();

// Events.

function infoOf(event) {
  switch (event[0]) {
    case "fetch": {
      const info = { type: "fetch", method: event[1], url: event[2] };
      if (event[4] !== null) info.cfJson = JSONParse(event[4]);
      info.headers = headersOf(event[3]);
      return info;
    }
    case "rpc":
      return { type: "jsrpc" };
    case "scheduled":
      return { type: "scheduled", scheduledTime: new Date(event[1]), cron: event[2] };
    case "queue":
      return { type: "queue", queueName: event[1], batchSize: event[2] };
    case "tail":
      return { type: "trace", traces: [event[1]] };
    default:
      return { type: "custom" };
  }
}

function headersOf(packed) {
  const parts = unpack(packed);
  const headers = [];
  for (let i = 0; i < parts.length; i += 2) headers[headers.length] = { name: parts[i], value: parts[i + 1] };
  return headers;
}

function onsetOf(span, entrypoint, event) {
  const onset = { type: "onset", executionModel: "stateless", spanId: span };
  if (entrypoint !== null) onset.entrypoint = entrypoint;
  onset.scriptTags = [];
  onset.info = infoOf(event);
  return onset;
}

const makers = {
  __proto__: null,
  log(record) {
    const log = { type: "log", level: record.level, message: record.message };
    if (ObjectHasOwn(record, "errorInfo")) log.errorInfo = record.errorInfo;
    return log;
  },
  exception(record) {
    const exception = { type: "exception", name: record.name, message: record.message };
    if (ObjectHasOwn(record, "stack")) exception.stack = record.stack;
    return exception;
  },
  attributes(record) {
    const { info } = record;
    for (let i = 0; i < info.length; i++) if (ObjectHasOwn(info[i], "integer")) info[i] = { name: info[i].name, value: BigInt(info[i].integer) };
    return { type: "attributes", info };
  },
  spanOpen: (record) => ({ type: "spanOpen", name: record.name, spanId: record.spanId }),
  spanClose: (record) => ({ type: "spanClose", outcome: record.outcome }),
  return: (record) => (ObjectHasOwn(record, "info") ? { type: "return", info: record.info } : { type: "return" }),
  outcome: (record) => ({ type: "outcome", outcome: record.outcome, cpuTime: record.cpuTime, wallTime: record.wallTime }),
};

/** Calls the handler of an entrypoint; undefined if it has none. */
function callTailStream(ctx, name, props, caps, onset) {
  const found = worker.entrypoint(name);
  if (found.kind === worker.kEntrypoint) {
    const instance = worker.construct(found, ctx, props, caps);
    const { tailStream } = instance;
    if (typeof tailStream === "function") return FunctionPrototypeCall(tailStream, instance, onset, undefined, undefined);
  } else if (found.handlers.tailStream !== undefined) {
    return FunctionPrototypeCall(found.handlers.tailStream, found.value, onset, worker.state.env, worker.contextOfObject(name, ctx, props, caps));
  }
  warnOnce(ctx, kNoHandler);
  return undefined;
}

/** Host: another worker's event begins. */
function onOnset(id, entrypoint, props, caps, invocation, trace, span, parent, time, eventEntrypoint, event) {
  const { begin } = require("core/dispatch");
  const ctx = begin(id);
  const session = new Session(ctx, invocation, trace);
  WeakMapPrototypeSet(sessions, ctx, session);
  let result;
  try {
    result = callTailStream(ctx, entrypoint, props, caps, session.wrap(parent, time, 0, onsetOf(span, eventEntrypoint, event)));
  } catch {
    warnOnce(ctx, kBadHandler);
    session.end();
    return;
  }
  PromisePrototypeThen(
    PromiseResolve(result),
    (value) => session.accept(value),
    (error) => session.fail(error),
  );
}

/** Host: what happens then. */
function onEvent(id, kind, span, time, sequence, text) {
  const ctx = context.get(id);
  const session = ctx === undefined ? undefined : WeakMapPrototypeGet(sessions, ctx);
  if (session === undefined) return;
  context.enter(session.ctx);
  session.tell(session.wrap(span, time, sequence, makers[kind](JSONParse(text))));
}

module.exports = { onOnset, onEvent };
