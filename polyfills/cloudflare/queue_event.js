"use strict";
// Batches of messages from a queue. https://developers.cloudflare.com/queues/configuration/javascript-apis/#consumer

const { Date, Map, MapPrototypeForEach, MapPrototypeGet, MapPrototypeHas, MapPrototypeSet, ObjectDefineProperty, Set, SetPrototypeAdd, SetPrototypeForEach, SetPrototypeHas } = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError, toLong } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const context = require("core/context");
const { ExtendableEvent } = require("web/event");
const { state } = require("core/worker");

function readonly(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

/** Says in the log that a call changes nothing. */
function ignored(what, after, rule) {
  const text = `Received a call to ${what} after ${after} was already called. Calling ${rule} has no effect.`;
  if (state.tails) require("cloudflare/trace").log("warn", [text]);
  ops.op_console(context.current()?.id ?? 0, "warn", text);
}

/** The delay of QueueRetryOptions; undefined if there is none. */
function delayOf(options, method, iface) {
  if (options === undefined) return undefined;
  if (!isObject(options) && options !== null) throw parameterError(method, iface, 1, "QueueRetryOptions");
  const delay = options === null ? undefined : options.delaySeconds;
  return delay === undefined ? undefined : toLong(delay);
}

// What a batch is to be answered with.
class Verdict {
  ackAll = false;
  retry = false;
  delay = undefined;
  // Ids that were acknowledged, and those to be delivered again, with their delays.
  acks = new Set();
  retries = new Map();
}

class QueueMessage {
  #verdict;

  constructor(token, verdict, id, timestamp, body, attempts) {
    if (token !== kConstruct) throw illegalConstructor();
    readonly(this, "attempts", attempts);
    readonly(this, "body", body);
    readonly(this, "timestamp", new Date(timestamp));
    readonly(this, "id", id);
    this.#verdict = verdict;
  }

  retry(options) {
    if (!isObject(this) || !(#verdict in this)) throw illegalInvocation();
    const delay = delayOf(options, "retry", "QueueMessage");
    const verdict = this.#verdict;
    const { id } = this;
    if (verdict.ackAll) ignored(`retry() on message ${id}`, "ackAll()", "retry() on a message after calling ackAll()");
    else if (SetPrototypeHas(verdict.acks, id)) ignored(`retry() on message ${id}`, "ack()", "retry() on a message after calling ack()");
    else MapPrototypeSet(verdict.retries, id, delay ?? MapPrototypeGet(verdict.retries, id));
  }

  ack() {
    if (!isObject(this) || !(#verdict in this)) throw illegalInvocation();
    const verdict = this.#verdict;
    const { id } = this;
    if (verdict.ackAll) return;
    if (verdict.retry) ignored(`ack() on message ${id}`, "retryAll()", "ack() on a message after calling retryAll()");
    else if (MapPrototypeHas(verdict.retries, id)) ignored(`ack() on message ${id}`, "retry()", "ack() on a message after calling retry()");
    else SetPrototypeAdd(verdict.acks, id);
  }
}
define(QueueMessage, "QueueMessage");

function retryAll(verdict, options, iface) {
  const delay = delayOf(options, "retryAll", iface);
  if (verdict.ackAll) {
    ignored("retryAll()", "ackAll()", "retryAll() after calling ackAll()");
    return;
  }
  verdict.retry = true;
  verdict.delay = delay ?? verdict.delay;
}

function ackAll(verdict) {
  if (verdict.retry) ignored("ackAll()", "retryAll()", "ackAll() after calling retryAll()");
  else verdict.ackAll = true;
}

function show(batch, about) {
  readonly(batch, "metadata", metadataOf(about));
  readonly(batch, "queue", about.queue);
  readonly(batch, "messages", about.messages);
}

function metadataOf({ count, bytes, oldest }) {
  return { metrics: { backlogCount: count, backlogBytes: bytes, oldestMessageTimestamp: oldest === 0 ? undefined : new Date(oldest) } };
}

class QueueController {
  #verdict;

  constructor(token, about) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, about);
    this.#verdict = about.verdict;
  }

  retryAll(options) {
    if (!isObject(this) || !(#verdict in this)) throw illegalInvocation();
    retryAll(this.#verdict, options, "QueueController");
  }

  ackAll() {
    if (!isObject(this) || !(#verdict in this)) throw illegalInvocation();
    ackAll(this.#verdict);
  }
}
define(QueueController, "QueueController");

class QueueEvent extends ExtendableEvent {
  #verdict;

  constructor(token, about, host) {
    if (token !== kConstruct) throw illegalConstructor();
    super(kConstruct, "queue", host);
    show(this, about);
    readonly(this, "actorState", undefined);
    this.#verdict = about.verdict;
  }

  retryAll(options) {
    if (!isObject(this) || !(#verdict in this)) throw illegalInvocation();
    retryAll(this.#verdict, options, "QueueEvent");
  }

  ackAll() {
    if (!isObject(this) || !(#verdict in this)) throw illegalInvocation();
    ackAll(this.#verdict);
  }
}
define(QueueEvent, "QueueEvent");

/** A list of messages as their sender has written them: id, time, bytes, attempts, and so on. */
function messagesOf(list, verdict) {
  const messages = [];
  for (let i = 0; i < list.length; i += 4) {
    messages[messages.length] = new QueueMessage(kConstruct, verdict, list[i], list[i + 1], ops.op_deserialize(list[i + 2]), list[i + 3]);
  }
  return messages;
}

function answer({ verdict }, outcome) {
  const explicitAcks = [];
  SetPrototypeForEach(verdict.acks, (id) => (explicitAcks[explicitAcks.length] = id));
  const retryMessages = [];
  MapPrototypeForEach(verdict.retries, (delay, msgId) => (retryMessages[retryMessages.length] = { msgId, delaySeconds: delay }));
  return { outcome, ackAll: verdict.ackAll, retryBatch: { retry: verdict.retry, delaySeconds: verdict.delay }, explicitAcks, retryMessages };
}

module.exports = {
  handler: "queue",
  missing: ["Received a QueueEvent but we lack a handler for QueueEvents. Did you remember to export a queue() function?", "Handler does not export a queue() function."],
  missingListener: [
    "Received a QueueEvent but we lack an event listener for queue events. Did you remember to call addEventListener(\"queue\", ...)?",
    "No event listener registered for queue messages.",
  ],
  nothing: { __proto__: null, verdict: new Verdict() },
  begin(ctx, payload) {
    const [queue, list, count, bytes, oldest] = ops.op_deserialize(payload);
    const verdict = new Verdict();
    return { __proto__: null, queue, count, bytes, oldest, verdict, messages: messagesOf(list, verdict) };
  },
  controller: (about) => new QueueController(kConstruct, about),
  event: (about, host) => new QueueEvent(kConstruct, about, host),
  unheard() {},
  answer,
  waits: () => !state.flags.queue_consumer_no_wait_for_wait_until,
};
