"use strict";
// What both kinds of readline.Interface have. https://nodejs.org/docs/latest-v22.x/api/readline.html#class-interfaceconstructor

const { ObjectDefineProperty, Symbol } = primordials;
const { EventEmitter } = require("node/events");

/** Makes a class: `question` is its method of that name. */
function makeInterface(question) {
  class Interface extends EventEmitter {
    terminal = false;
    line = "";
    cursor = 0;

    getPrompt() {
      return "";
    }

    setPrompt(prompt) {}

    prompt(preserveCursor) {}

    pause() {
      return this;
    }

    resume() {
      return this;
    }

    close() {}

    write(data, key) {}

    getCursorPos() {
      return { rows: 0, cols: 0 };
    }

    [Symbol.dispose]() {
      this.close();
    }

    async [Symbol.asyncDispose]() {
      this.close();
    }

    async *[Symbol.asyncIterator]() {
      yield "";
    }
  }
  ObjectDefineProperty(Interface.prototype, "question", { __proto__: null, value: question, writable: true, configurable: true });
  return Interface;
}

module.exports = { makeInterface };
