"use strict";
// process.stdin, stdout and stderr: a program that reads from nothing and prints to files. https://nodejs.org/docs/latest-v22.x/api/process.html#process-io

const { print } = require("node/internal_stdio_lines");
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

// A stream of the file 0, which stays open when it has ended.
function makeInput() {
  const { ReadStream } = require("node/internal_fs_streams");
  const stream = new ReadStream(undefined, { fd: 0, autoClose: false });
  stream.allowHalfOpen = false;
  stream.bufferSize = 0;
  stream.connecting = false;
  stream.readyState = "open";
  return stream;
}

// Made when they are asked for: few programs do.
let input;
let output;
let errors;

module.exports = {
  stdin: () => (input ??= makeInput()),
  stdout: () => (output ??= addSocketMembers(new SyncWriteStream(1))),
  stderr: () => (errors ??= addSocketMembers(new SyncWriteStream(2))),
};
