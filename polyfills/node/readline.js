"use strict";
// node:readline: interfaces to a terminal that is not there, whose answers are empty. https://nodejs.org/docs/latest-v22.x/api/readline.html

const { makeInterface } = require("node/internal_readline");
const promises = require("node/readline_promises");

const { question } = {
  question(query, optionsOrCallback, callback) {
    if (typeof optionsOrCallback === "function") optionsOrCallback("");
    else if (typeof callback === "function") callback("");
  },
};
const Interface = makeInterface(question);

function clearLine() {
  return false;
}

function clearScreenDown() {
  return false;
}

function createInterface() {
  return new Interface();
}

function cursorTo() {
  return false;
}

function emitKeypressEvents() {}

function moveCursor() {
  return false;
}

module.exports = { Interface, clearLine, clearScreenDown, createInterface, cursorTo, emitKeypressEvents, moveCursor, promises };
