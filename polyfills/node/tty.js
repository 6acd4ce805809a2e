"use strict";
// node:tty: nothing is a terminal. https://nodejs.org/docs/latest-v22.x/api/tty.html

const { ObjectSetPrototypeOf } = primordials;
const { Socket } = require("node/internal_net_socket");

function isatty(fd) {
  return false;
}

function ReadStream(fd, options = {}) {
  this.fd = fd;
  this.isRaw = false;
  this.isTTY = false;
  return this;
}
ObjectSetPrototypeOf(ReadStream.prototype, Socket.prototype);
ObjectSetPrototypeOf(ReadStream, Socket);
ReadStream.prototype.setRawMode = function (mode) {
  this.isRaw = mode;
  return this;
};

function WriteStream(fd, options = {}) {
  this.fd = fd;
  this.columns = 0;
  this.rows = 0;
  return this;
}
ObjectSetPrototypeOf(WriteStream.prototype, Socket.prototype);
ObjectSetPrototypeOf(WriteStream, Socket);

// Every movement of the cursor is done at once.
function done(callback) {
  if (typeof callback === "function") callback();
  return false;
}

const proto = WriteStream.prototype;
proto.isTTY = true;
proto.getColorDepth = function () {
  return 8;
};
proto.hasColors = function () {
  return false;
};
proto._refreshSize = function () {};
proto.cursorTo = function (x, y, callback) {
  return done(typeof y === "function" ? y : callback);
};
proto.moveCursor = function (dx, dy, callback) {
  return done(callback);
};
proto.clearLine = function (dir, callback) {
  return done(callback);
};
proto.clearScreenDown = function (callback) {
  return done(callback);
};
proto.getWindowSize = function () {
  return [this.columns ?? 0, this.rows ?? 0];
};

module.exports = { ReadStream, WriteStream, isatty };
