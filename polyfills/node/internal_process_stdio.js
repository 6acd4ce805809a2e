"use strict";
// process.stdin, stdout and stderr: a program that reads from nothing and prints to files. https://nodejs.org/docs/latest-v22.x/api/process.html#process-io
// Output goes where that of the console goes, which has lines: the end of a line that is not there yet is waited for until the turn is over.

const { StringPrototypeLastIndexOf, StringPrototypeSlice } = primordials;
const { send } = require("core/ops");
const { StringDecoder } = require("node/string_decoder");
const { Readable } = require("node/internal_stream_readable");
const { Writable } = require("node/internal_stream_writable");
const { queueMicrotask } = require("web/timers");
require("node/stream");

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

class SyncWriteStream extends Writable {
  fd;
  readable = false;
  _type = "fs";
  _isStdio = true;
  #lines;

  constructor(fd) {
    super({ autoDestroy: true });
    this.fd = fd;
    this.#lines = new Lines(fd === 1 ? "log" : "error");
  }

  _write(chunk, encoding, cb) {
    this.#lines.write(chunk);
    cb();
  }
}

// What a socket would have.
function addSocketMembers(stream) {
  stream.allowHalfOpen = false;
  stream.bufferSize = 0;
  stream.bytesRead = 0;
  stream.bytesWritten = 0;
  stream.connecting = false;
  stream.pending = false;
  stream.readableAborted = false;
  stream.readableDidRead = false;
  stream.readableEnded = false;
  stream.readableHighWaterMark = 16384;
  stream.readableLength = 0;
  stream.readableObjectMode = false;
  stream.readyState = "open";
  return stream;
}

class ReadStream extends Readable {
  fd = 0;
  start = 0;
  end = Infinity;
  pos = 0;
  bytesRead = 0;

  constructor() {
    // It stays open when it has ended.
    super({ autoDestroy: false });
    this.allowHalfOpen = false;
    this.bufferSize = 0;
    this.connecting = false;
    this.readyState = "open";
  }

  _read(size) {
    this.push(null);
  }

  get pending() {
    return false;
  }

  get autoClose() {
    return this._readableState.autoDestroy;
  }

  set autoClose(value) {
    this._readableState.autoDestroy = value;
  }

  close() {
    this.destroy();
  }
}

// Made when they are asked for: few programs do.
let input;
let output;
let errors;

module.exports = {
  stdin: () => (input ??= new ReadStream()),
  stdout: () => (output ??= addSocketMembers(new SyncWriteStream(1))),
  stderr: () => (errors ??= addSocketMembers(new SyncWriteStream(2))),
};
