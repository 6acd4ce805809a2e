"use strict";
// node:dgram: sockets that send and receive nothing. https://nodejs.org/docs/latest-v22.x/api/dgram.html

const { FunctionPrototypeCall, ObjectSetPrototypeOf, Symbol } = primordials;
const { EventEmitter } = require("node/events");
const { validateFunction, validateObject } = require("node/internal_validators");

function Socket(type, callback) {
  FunctionPrototypeCall(EventEmitter, this);
  if (typeof type === "string") type = { type };
  validateObject(type, "type");
  if (callback !== undefined) validateFunction(callback, "callback");
  return this;
}
ObjectSetPrototypeOf(Socket.prototype, EventEmitter.prototype);
ObjectSetPrototypeOf(Socket, EventEmitter);

const proto = Socket.prototype;
proto.bind = function (port, address, callback) {
  return this;
};
proto.connect = function (port, address, callback) {};
proto.disconnect = function () {};
proto.sendto = function (buffer, offset, length, port, address, callback) {};
proto.send = function (buffer, offset, length, port, address, callback) {};
proto.close = function (callback) {
  return this;
};
proto[Symbol.asyncDispose] = async function () {};
proto.address = function () {
  return {};
};
proto.remoteAddress = function () {
  return {};
};
proto.setBroadcast = function (flag) {};
proto.setTTL = function (ttl) {};
proto.setMulticastTTL = function (ttl) {};
proto.setMulticastLoopback = function (flag) {};
proto.setMulticastInterface = function (address) {};
proto.addMembership = function (group, address) {};
proto.dropMembership = function (group, address) {};
proto.addSourceSpecificMembership = function (source, group, address) {};
proto.dropSourceSpecificMembership = function (source, group, address) {};
proto.ref = function () {
  return this;
};
proto.unref = function () {
  return this;
};
proto.setRecvBufferSize = function (size) {};
proto.setSendBufferSize = function (size) {};
proto.getRecvBufferSize = function () {
  return 0;
};
proto.getSendBufferSize = function () {
  return 0;
};
proto.getSendQueueSize = function () {
  return 0;
};
proto.getSendQueueCount = function () {
  return 0;
};

function createSocket(type, callback) {
  return new Socket(type, callback);
}

module.exports = { Socket, createSocket };
