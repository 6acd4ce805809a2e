"use strict";
// The alarm of a Durable Object: its handler, when it is due. https://developers.cloudflare.com/durable-objects/api/alarms/

const { FunctionPrototypeCall, PromisePrototypeThen, PromiseResolve } = primordials;
const { define, illegalConstructor, kConstruct } = require("core/webidl");
const context = require("core/context");
const { describeError } = require("core/report");

const kNoHandler = "Attempted to run a scheduled alarm without a handler, did you remember to export an alarm() function?";
const kMaxMilliseconds = 15 * 60 * 1000;
const kTooLong = "Alarm exceeded its allowed execution time";

/** What the handler is told. */
class AlarmInvocationInfo {
  constructor(token, scheduledTime, retryCount) {
    if (token !== kConstruct) throw illegalConstructor();
    this.scheduledTime = scheduledTime;
    this.retryCount = retryCount;
    this.isRetry = retryCount > 0;
  }
}
define(AlarmInvocationInfo, "AlarmInvocationInfo");

// What op_object_alarm_done is told.
const kOver = 0;
const kFailed = 1;

/** Host: an alarm is due. */
function onAlarm(id, event, at, retries, last) {
  const ctx = context.get(id);
  if (ctx === undefined) return;
  context.enter(ctx);
  const mine = ops.op_storage_alarm_begin(id, at);
  if (mine !== true) {
    ops.op_object_alarm_done(id, event, kOver, mine === false ? null : mine, null);
    return;
  }
  const { instance } = ctx.actor;
  const { alarm } = instance;
  const end = (error) => {
    if (ctx.ended) return;
    const failed = error !== undefined;
    ops.op_storage_alarm_end(id, !failed || last);
    ops.op_object_alarm_done(id, event, failed && !last ? kFailed : kOver, null, failed ? error.stack : null);
  };
  if (typeof alarm !== "function") {
    ops.op_console(id, "warn", kNoHandler);
    end();
    return;
  }
  const timers = require("web/timers");
  let timer;
  const fail = (error) => {
    timers.internals.stop(timer);
    if (require("core/worker").state.tails) require("cloudflare/trace").exception(error, ctx);
    end(describeError(error));
  };
  timer = timers.internals.start(ctx, () => ctx.actor.reset(require("core/errors").makeError("Error", kTooLong)), undefined, kMaxMilliseconds, false);
  let result;
  try {
    result = FunctionPrototypeCall(alarm, instance, new AlarmInvocationInfo(kConstruct, at, retries));
  } catch (error) {
    fail(error);
    return;
  }
  PromisePrototypeThen(
    PromiseResolve(result),
    () => {
      timers.internals.stop(timer);
      end();
    },
    fail,
  );
}

module.exports = { onAlarm };
