"use strict";
// node:domain: domains that catch nothing. https://nodejs.org/docs/latest-v22.x/api/domain.html

const { ReflectApply } = primordials;
const { EventEmitter } = require("node/events");

class Domain extends EventEmitter {
  members = undefined;

  _errorHandler(error) {
    throw error;
  }

  enter() {}

  exit() {}

  add(emitter) {}

  remove(emitter) {}

  run(fn, ...args) {
    this.enter();
    const result = ReflectApply(fn, this, args);
    this.exit();
    return result;
  }

  intercept(callback) {
    return callback;
  }

  bind(callback) {
    return callback;
  }
}

function createDomain() {
  return new Domain();
}

// In the reference runtime `create` is a domain, not the function.
module.exports = { Domain, active: null, create: createDomain(), createDomain };
