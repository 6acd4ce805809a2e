"use strict";
// A Durable Object class with its props, as a value, and the stubs in ctx.exports that make such values.
// https://developers.cloudflare.com/durable-objects/

const { define, illegalConstructor, kConstruct } = require("core/webidl");

/** What the host starts for a class, undefined of what is none. */
let targetOf;

class DurableObjectClass {
  #target;

  // target is ["loopback", export, props, capabilities].
  constructor(token, target) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#target = target;
  }

  static {
    targetOf = (value) => (#target in value ? value.#target : undefined);
  }
}
define(DurableObjectClass, "DurableObjectClass");

/** What an uncalled stub looks like; it is a function, see cloudflare/loopback. */
class LoopbackDurableObjectClass extends DurableObjectClass {
  constructor() {
    throw illegalConstructor();
  }
}
define(LoopbackDurableObjectClass, "LoopbackDurableObjectClass");

function makeClass(target) {
  return new DurableObjectClass(kConstruct, target);
}

module.exports = { LoopbackDurableObjectClass, makeClass, targetOf };
