"use strict";
// A Durable Object class with its props, as a value: what a loopback stub of one gives when it is called.
// https://developers.cloudflare.com/durable-objects/

const { define, illegalConstructor, kConstruct } = require("core/webidl");

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

function makeClass(target) {
  return new DurableObjectClass(kConstruct, target);
}

module.exports = { DurableObjectClass, makeClass, targetOf };
