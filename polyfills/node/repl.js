"use strict";
// node:repl: there is nobody to read from. https://nodejs.org/docs/latest-v22.x/api/repl.html

const { ObjectAssign, Symbol, SyntaxError } = primordials;
const all = require("node/internal_builtin_modules");
const { fail, stub, stubMethods } = require("node/internal_stubs");
const { Interface } = require("node/readline_promises");

const options = {
  showHidden: false,
  depth: 2,
  colors: true,
  customInspect: true,
  showProxy: true,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
};

class Recoverable extends SyntaxError {
  constructor(err) {
    super();
    this.err = err;
  }
}

class REPLServer extends Interface {
  constructor() {
    super();
    fail("REPLServer");
  }
}
stubMethods(REPLServer.prototype, "", { setupHistory: 2, defineCommand: 2, displayPrompt: 1, clearBufferedCommand: 0 });

const builtinModules = [];
for (let i = 0; i < all.length; i++) if (all[i][0] !== "_") builtinModules[builtinModules.length] = all[i];

module.exports = {
  REPLServer,
  REPL_MODE_SLOPPY: Symbol("repl-sloppy"),
  REPL_MODE_STRICT: Symbol("repl-strict"),
  Recoverable,
  _builtinLibs: builtinModules,
  builtinModules,
  start: stub("start", "start"),
  writer: ObjectAssign(stub("writer", "writer"), { options }),
};
