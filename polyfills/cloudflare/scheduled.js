"use strict";
// Scheduled events. https://developers.cloudflare.com/workers/runtime-apis/handlers/scheduled/

const { ObjectDefineProperty } = primordials;
const { define, illegalConstructor, isObject, kConstruct } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { ExtendableEvent } = require("web/event");

function readonly(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

class ScheduledController {
  #about;

  constructor(token, about) {
    if (token !== kConstruct) throw illegalConstructor();
    readonly(this, "cron", about.cron);
    readonly(this, "scheduledTime", about.time);
    this.#about = about;
  }

  noRetry() {
    if (!isObject(this) || !(#about in this)) throw illegalInvocation();
    this.#about.noRetry = true;
  }
}
define(ScheduledController, "ScheduledController");

class ScheduledEvent extends ExtendableEvent {
  #about;

  constructor(token, about, host) {
    if (token !== kConstruct) throw illegalConstructor();
    super(kConstruct, "scheduled", host);
    readonly(this, "cron", about.cron);
    readonly(this, "scheduledTime", about.time);
    readonly(this, "actorState", undefined);
    this.#about = about;
  }

  noRetry() {
    if (!isObject(this) || !(#about in this)) throw illegalInvocation();
    this.#about.noRetry = true;
  }
}
define(ScheduledEvent, "ScheduledEvent");

module.exports = {
  ScheduledEvent,
  handler: "scheduled",
  missing: [
    "Received a ScheduledEvent but we lack a handler for ScheduledEvents (a.k.a. Cron Triggers). Did you remember to export a scheduled() function?",
    "Handler does not export a scheduled() function",
  ],
  missingListener: [
    "Received a ScheduledEvent but we lack an event listener for scheduled events (a.k.a. Cron Triggers). Did you remember to call addEventListener(\"scheduled\", ...)?",
    "No event listener registered for scheduled events.",
  ],
  nothing: { __proto__: null, time: 0, cron: "", noRetry: false },
  begin(ctx, payload) {
    const [time, cron] = ops.op_deserialize(payload);
    return { __proto__: null, time, cron, noRetry: false };
  },
  controller: (about) => new ScheduledController(kConstruct, about),
  event: (about, host) => new ScheduledEvent(kConstruct, about, host),
  unheard(about) {
    about.noRetry = true;
  },
  answer: (about, outcome) => ({ outcome, noRetry: about.noRetry }),
  waits: () => true,
};
