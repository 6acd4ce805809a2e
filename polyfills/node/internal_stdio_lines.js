"use strict";
// What a program prints to its files 1 and 2. It goes where the output of the console goes, which has lines: the end of a line that is
// not there yet is waited for until the turn is over.

const { StringPrototypeLastIndexOf, StringPrototypeSlice } = primordials;
const { send } = require("core/ops");
const { StringDecoder } = require("node/string_decoder");
const { queueMicrotask } = require("web/timers");

// Puts the pieces of lines together.
class Lines {
  #level;
  #decoder = new StringDecoder("utf8");
  #rest = "";
  #flushing = false;

  constructor(level) {
    this.#level = level;
  }

  write(bytes) {
    this.#rest += this.#decoder.write(bytes);
    const end = StringPrototypeLastIndexOf(this.#rest, "\n");
    if (end !== -1) {
      send(ops.op_console, this.#level, StringPrototypeSlice(this.#rest, 0, end));
      this.#rest = StringPrototypeSlice(this.#rest, end + 1);
    }
    if (this.#rest === "" || this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush() {
    this.#flushing = false;
    if (this.#rest === "") return;
    send(ops.op_console, this.#level, this.#rest);
    this.#rest = "";
  }
}

let output;
let errors;

/** Prints bytes to the file 1 or 2. */
function print(fd, bytes) {
  if (fd === 1) (output ??= new Lines("log")).write(bytes);
  else (errors ??= new Lines("error")).write(bytes);
}

module.exports = { print };
