"use strict";
// node:console: the global console, with what Node adds to it. https://nodejs.org/docs/latest-v22.x/api/console.html

const { FunctionPrototypeBind, Map } = primordials;
const { Console } = require("node/internal_console");
const { stub } = require("node/internal_stubs");
const { console } = require("web/console");
const stdio = require("node/internal_process_stdio");

const noop = () => {};
const context = stub("context", "Console.context");
const createTask = stub("createTask", "Console.createTask");

console._times = new Map();
console._ignoreErrors = true;
console._stderrErrorHandler = noop;
console._stdoutErrorHandler = noop;
console._stderr = stdio.stderr();
console._stdout = stdio.stdout();
console.Console = Console;
console.context = context;
console.createTask = createTask;

module.exports = { Console, context, createTask, default: console };

const methods = [
  "assert",
  "clear",
  "count",
  "countReset",
  "debug",
  "dir",
  "dirxml",
  "error",
  "group",
  "groupCollapsed",
  "groupEnd",
  "info",
  "log",
  "profile",
  "profileEnd",
  "table",
  "time",
  "timeEnd",
  "timeLog",
  "timeStamp",
  "trace",
  "warn",
];
for (let i = 0; i < methods.length; i++) module.exports[methods[i]] = FunctionPrototypeBind(console[methods[i]], console);
