"use strict";
// node:cluster: every worker is the primary, and has no others. https://nodejs.org/docs/latest-v22.x/api/cluster.html

const { EventEmitter } = require("node/events");
const { stub } = require("node/internal_stubs");

const SCHED_NONE = 1;
const SCHED_RR = 2;
const settings = {};
const workers = {};
const fork = stub("fork", "cluster.fork", 1);
const disconnect = stub("disconnect", "cluster.disconnect", 1);
const setupPrimary = stub("setupPrimary", "cluster.setupPrimary", 1);
// The name that the reference runtime has.
const setupMaster = stub("setupMaster", "cluster.setupWorker", 1);

class Worker extends EventEmitter {
  _connected = false;
  id = 0;

  constructor(options) {
    super();
  }

  get process() {
    return globalThis.process;
  }

  get exitedAfterDisconnect() {
    return this._connected;
  }

  isConnected() {
    return this._connected;
  }

  isDead() {
    return true;
  }

  send(message, sendHandle, options, callback) {
    return false;
  }

  kill(signal) {
    this._connected = false;
  }

  destroy(signal) {
    this._connected = false;
  }

  disconnect() {
    this._connected = false;
    return this;
  }
}

class Cluster extends EventEmitter {
  Worker = Worker;
  isMaster = true;
  isPrimary = true;
  isWorker = false;
  SCHED_NONE = SCHED_NONE;
  SCHED_RR = SCHED_RR;
  schedulingPolicy = SCHED_RR;
  settings = settings;
  workers = workers;

  setupPrimary(given) {
    setupPrimary(given);
  }

  setupMaster(given) {
    setupMaster(given);
  }

  disconnect() {
    disconnect();
  }

  fork(env) {
    return fork(env);
  }
}

module.exports = {
  Cluster,
  SCHED_NONE,
  SCHED_RR,
  Worker,
  _events: [],
  _eventsCount: 0,
  _maxListeners: 0,
  default: new Cluster(),
  disconnect,
  fork,
  isMaster: true,
  isPrimary: true,
  isWorker: false,
  schedulingPolicy: SCHED_RR,
  settings,
  setupMaster,
  setupPrimary,
  workers,
};
