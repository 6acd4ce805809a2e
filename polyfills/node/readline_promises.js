"use strict";
// node:readline/promises: interfaces to a terminal that is not there. https://nodejs.org/docs/latest-v22.x/api/readline.html#promises-api

const { PromiseResolve } = primordials;
const { makeInterface } = require("node/internal_readline");

const { question } = {
  question(query, options) {
    return PromiseResolve("");
  },
};
const Interface = makeInterface(question);

class Readline {
  clearLine(dir) {
    return this;
  }

  clearScreenDown() {
    return this;
  }

  commit() {
    return PromiseResolve();
  }

  cursorTo(x, y) {
    return this;
  }

  moveCursor(dx, dy) {
    return this;
  }

  rollback() {
    return this;
  }
}

function createInterface() {
  return new Interface();
}

module.exports = { Interface, Readline, createInterface };
