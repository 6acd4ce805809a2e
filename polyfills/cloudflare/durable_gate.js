"use strict";
// The input gate of a Durable Object: while blockConcurrencyWhile runs, only what that has started itself is delivered to the object.
// https://developers.cloudflare.com/durable-objects/api/state/#blockconcurrencywhile
//
// Each call is a section within the one that made it, or within the object. A section with another inside gets nothing meanwhile. Whatever
// is started within a section (a call, a timer) carries it in the frame's scope, and so does what comes of it. What cannot be delivered waits
// in the section that it is for; when that is free again, the host sends a message for each, so that they stay events of their own.

const { ArrayPrototypePush, ArrayPrototypeShift, Error, Promise, PromisePrototypeThen, PromiseResolve, ReflectApply } = primordials;
const context = require("core/context");
const { sectionOf: sectionOfCall } = require("core/ops");
const { gates } = require("core/gate");
const timers = require("web/timers");
const exported = require("cloudflare/rpc_exports");

const kMaxDepth = 64;
const kMaxMilliseconds = 30000;
const kTooLong = "A call to blockConcurrencyWhile() in a Durable Object waited for too long. The call was canceled and the Durable Object was reset.";
const kTooDeep = "blockConcurrencyWhile() calls are nested too deeply.";

class Section {
  /** The section that runs inside. @type {Section | undefined} */
  inner;
  /** What waits for it to be free: [kind, args] of messages, or functions. */
  waiting = [];
  over = false;
  constructor(parent) {
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  /** The section itself, or the one around it that is not over. */
  get living() {
    let section = this;
    while (section.over) section = section.parent;
    return section;
  }
}

// Whether a message that has waited is being delivered.
let passing = false;

/** The gate of one object. */
class Gate {
  root = new Section(undefined);
  // What has waited and may be delivered: [section, item, ...], one for each message that the host was asked for.
  #ready = [];
  #shut = false;

  constructor(ctx) {
    this.ctx = ctx;
  }

  #update() {
    const shut = !this.ctx.ended && (this.root.inner !== undefined || this.#ready.length > 0);
    if (shut === this.#shut) return;
    this.#shut = shut;
    gates.shut += shut ? 1 : -1;
  }

  /** Whether something for `section` has to wait, also behind what waits already. */
  #blocked(section) {
    if (section.inner !== undefined || section.waiting.length > 0) return true;
    for (let i = 0; i < this.#ready.length; i += 2) if (this.#ready[i].living === section) return true;
    return false;
  }

  /** Keeps an item that cannot be delivered to `section` now; false if it can. */
  keep(section, item) {
    if (!this.#blocked(section)) return false;
    ArrayPrototypePush(section.waiting, item);
    this.#release(section);
    return true;
  }

  /** Lets what waits for `section` come, if that is free. */
  #release(section) {
    const { waiting } = section;
    if (section.inner !== undefined || waiting.length === 0) return;
    section.waiting = [];
    for (let i = 0; i < waiting.length; i++) ArrayPrototypePush(this.#ready, section, waiting[i]);
    ops.op_object_resume(this.ctx.id, waiting.length);
    this.#update();
  }

  /** Host: delivers the first item that may be. */
  resume(handlers) {
    if (this.#ready.length === 0) return;
    const section = ArrayPrototypeShift(this.#ready).living;
    const item = ArrayPrototypeShift(this.#ready);
    if (section.inner !== undefined) {
      ArrayPrototypePush(section.waiting, item);
      this.#update();
      return;
    }
    this.#update();
    if (typeof item === "function") {
      item();
      return;
    }
    passing = true;
    try {
      ReflectApply(handlers[item[0]], undefined, item[1]);
    } finally {
      passing = false;
    }
  }

  /** blockConcurrencyWhile. */
  block(callback, fail) {
    const frame = ops.op_get_frame();
    const outer = (frame?.scope?.section ?? this.root).living;
    const section = new Section(outer);
    if (section.depth > kMaxDepth) throw new Error(kTooDeep);
    return new Promise((resolve) => {
      const run = () => {
        outer.inner = section;
        this.#update(); // first, so that what the callback starts is known to be within
        ops.op_set_frame(frame);
        this.#run(section, callback, resolve, fail);
      };
      // It begins with an event of its own, and before any other that comes from now on.
      const waits = this.#blocked(outer);
      ArrayPrototypePush(outer.waiting, run);
      if (!waits) this.#release(outer);
    });
  }

  /** Calls a function as an event of its own, within what is in force. */
  defer(callback) {
    const frame = ops.op_get_frame();
    const section = (frame?.scope?.section ?? this.root).living;
    const waits = this.#blocked(section);
    ArrayPrototypePush(section.waiting, () => {
      ops.op_set_frame(frame);
      callback();
    });
    if (!waits) this.#release(section);
  }

  #run(section, callback, resolve, fail) {
    const ctx = this.ctx;
    const scope = { __proto__: null, ...context.scope(), section };
    context.runInScope(
      scope,
      () => {
        const timer = timers.internals.start(ctx, () => fail(new Error(kTooLong)), undefined, kMaxMilliseconds, false);
        let result;
        try {
          result = PromiseResolve(callback());
        } catch (error) {
          fail(error);
          return;
        }
        PromisePrototypeThen(
          result,
          (value) => {
            timers.internals.stop(timer);
            this.#end(section);
            resolve(value);
          },
          fail,
        );
      },
      [],
    );
  }

  #end(section) {
    if (this.ctx.ended) return;
    const outer = section.parent;
    section.over = true;
    outer.inner = undefined;
    const rest = section.waiting;
    section.waiting = [];
    for (let i = 0; i < rest.length; i++) ArrayPrototypePush(outer.waiting, rest[i]);
    this.#release(outer);
    this.#update();
  }

  /** The object has ended. */
  drop() {
    this.#ready.length = 0;
    this.root = new Section(undefined);
    this.#update();
  }
}

// Kinds of messages, as in core/dispatch, that bring what was started before. Any other begins something.
const kComplete = 2;
const kTimer = 3;
// One that calls what the object has exported. With any other target it begins something, too.
const kRPC = 5;

/** What a message is for. */
function sectionOf(gate, kind, args) {
  let section;
  if (kind === kComplete) section = sectionOfCall(args[1]);
  else if (kind === kTimer) section = timers.frameOf(args[1])?.scope?.section;
  else if (kind === kRPC && args[2] > 0) section = exported.find(context.get(args[0]), args[2])?.section;
  return (section ?? gate.root).living;
}

gates.keep = (kind, args) => {
  if (passing) return false;
  const gate = context.get(args[0])?.actor?.gate;
  return gate !== undefined && gate.keep(sectionOf(gate, kind, args), [kind, args]);
};

module.exports = { Gate };
