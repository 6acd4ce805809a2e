"use strict";
// Under the flag service_binding_extra_handlers, service stubs send scheduled events and batches of messages.

const { ArrayIsArray, DatePrototypeGetTime, MathTrunc, ObjectDefineProperty, TypeError } = primordials;
const { bytesOf, fieldError, isBufferSource, isObject, parameterError, toDOMString, toDouble, toPort } = require("core/webidl");
const { async } = require("core/ops");
const { illegalInvocation } = require("core/errors");
const { Fetcher, isFetcher, targetOf } = require("cloudflare/service_stub");

const kOneBody = "Expected one of body or serializedBody for each message";

/** A date in whole milliseconds since the epoch: a Date, or a number. */
function toDate(value, field, dict) {
  if (typeof value === "number") return MathTrunc(value);
  if (isObject(value) && ops.op_value_kind(value) === "Date") return MathTrunc(DatePrototypeGetTime(value));
  throw fieldError(field, dict, "date");
}

/** An event for what a stub points to. @returns {Promise<object>} what it was answered with; `lost` if it never will be */
async function send(stub, kind, about, info, lost) {
  const answer = await async(ops.op_event, targetOf(stub), kind, ops.op_serialize(about, false), info);
  return answer === null ? lost : ops.op_deserialize(answer);
}

/** What a message becomes for its receiver: id, time, body as bytes, and number of attempts. */
function addMessage(list, message, index) {
  if (!isObject(message)) throw new TypeError(`Incorrect type for array element ${index}: the provided value is not of type 'ServiceBindingQueueMessage'.`);
  const id = toDOMString(message.id);
  const timestamp = toDate(message.timestamp, "timestamp", "ServiceBindingQueueMessage");
  const { body, serializedBody } = message;
  if (serializedBody !== undefined && !isBufferSource(serializedBody)) throw fieldError("serializedBody", "ServiceBindingQueueMessage", "ArrayBuffer or ArrayBufferView");
  const attempts = toPort(message.attempts);
  list[list.length] = id;
  list[list.length] = timestamp;
  list[list.length] = { __proto__: null, body, serializedBody };
  list[list.length] = attempts;
}

/** The bytes of a body that is either a value or bytes already. */
function bodyBytes({ body, serializedBody }) {
  if ((body === undefined) === (serializedBody === undefined)) throw new TypeError(kOneBody);
  return body === undefined ? bytesOf(serializedBody) : ops.op_serialize(body, false);
}

function toMetrics(metadata) {
  if (metadata === undefined) return [0, 0, 0];
  if (!isObject(metadata)) throw parameterError("queue", "Fetcher", 3, "MessageBatchMetadata");
  const { metrics } = metadata;
  if (!isObject(metrics)) throw new TypeError("Cannot initialize MessageBatchMetrics with required members from an undefined or null value.");
  const { backlogCount, backlogBytes, oldestMessageTimestamp } = metrics;
  const oldest = oldestMessageTimestamp === undefined ? 0 : toDate(oldestMessageTimestamp, "oldestMessageTimestamp", "MessageBatchMetrics");
  return [toDouble(backlogCount), toDouble(backlogBytes), oldest];
}

const methods = {
  async queue(queueName, messages, metadata) {
    if (!isFetcher(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("queue", "Fetcher", 1, "string");
    const name = toDOMString(queueName);
    if (!ArrayIsArray(messages)) throw parameterError("queue", "Fetcher", 2, "Array");
    const list = [];
    for (let i = 0; i < messages.length; i++) addMessage(list, messages[i], i);
    const metrics = toMetrics(metadata);
    for (let i = 2; i < list.length; i += 4) list[i] = bodyBytes(list[i]);
    return send(this, "queue", [name, list, metrics[0], metrics[1], metrics[2]], ["queue", name, list.length / 4], {
      outcome: "exception",
      ackAll: false,
      retryBatch: { retry: false, delaySeconds: undefined },
      explicitAcks: [],
      retryMessages: [],
    });
  },

  async scheduled(options) {
    if (!isFetcher(this)) throw illegalInvocation();
    if (options !== undefined && options !== null && !isObject(options)) throw parameterError("scheduled", "Fetcher", 1, "ScheduledOptions");
    const scheduledTime = options?.scheduledTime;
    const time = scheduledTime === undefined ? MathTrunc(ops.op_now()) : toDate(scheduledTime, "scheduledTime", "ScheduledOptions");
    const cron = options?.cron;
    const text = cron === undefined ? "" : toDOMString(cron);
    return send(this, "scheduled", [time, text], ["scheduled", time, text], { outcome: "exception", noRetry: false });
  },
};

/** Gives the methods to service stubs. */
function install() {
  for (const name of ["queue", "scheduled"]) {
    ObjectDefineProperty(methods[name], "length", { __proto__: null, value: 0, configurable: true });
    ObjectDefineProperty(Fetcher.prototype, name, { __proto__: null, value: methods[name], writable: true, enumerable: true, configurable: true });
  }
}

module.exports = { install };
