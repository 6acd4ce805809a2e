"use strict";
// process.stdin, stdout and stderr: a program that reads from nothing and prints to files. https://nodejs.org/docs/latest-v22.x/api/process.html#process-io

const { print } = require("node/internal_stdio_lines");
const { Readable } = require("node/internal_stream_readable");
const { Writable } = require("node/internal_stream_writable");
require("node/stream");

class SyncWriteStream extends Writable {
  fd;
  readable = false;
  _type = "fs";
  _isStdio = true;

  constructor(fd) {
    super({ autoDestroy: true });
    this.fd = fd;
  }

  _write(chunk, encoding, cb) {
    print(this.fd, chunk);
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
