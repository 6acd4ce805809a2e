"use strict";
// node:child_process: there are no processes. https://nodejs.org/docs/latest-v22.x/api/child_process.html

const { ArrayIsArray, Symbol } = primordials;
const { EventEmitter } = require("node/events");
const { fail, stub } = require("node/internal_stubs");
const { validateArray, validateFunction, validateObject, validateString } = require("node/internal_validators");

class ChildProcess extends EventEmitter {
  constructor() {
    super();
    fail("child_process.ChildProcess");
  }

  kill(signal) {
    return false;
  }

  send(message, sendHandle, options, callback) {
    return false;
  }

  disconnect() {}

  unref() {}

  ref() {}

  [Symbol.dispose]() {
    this.kill();
  }
}

function isGiven(value) {
  return value !== undefined && value !== null;
}

function exec(command, options, callback) {
  validateString(command, "command");
  if (isGiven(options)) validateObject(options, "options");
  if (isGiven(callback)) validateFunction(callback, "callback");
  fail("child_process.exec");
}

function fork(modulePath, args, options) {
  if (isGiven(args)) {
    if (typeof args === "object" && !ArrayIsArray(args)) options = args;
    else validateArray(args, "args");
  }
  if (isGiven(options)) validateObject(options, "options");
  fail("child_process.fork");
}

function spawnSync(command, args, options) {
  validateString(command, "command");
  fail("child_process.spawnSync");
}

module.exports = {
  ChildProcess,
  _forkChild: stub("_forkChild", "child_process._forkChild", 2),
  exec,
  execFile: stub("execFile", "child_process.execFile", 4),
  execFileSync: stub("execFileSync", "child_process.execFileSync", 3),
  execSync: stub("execSync", "child_process.execSync", 2),
  fork,
  spawn: stub("spawn", "child_process.spawn"),
  spawnSync,
};
