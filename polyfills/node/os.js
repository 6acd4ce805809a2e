"use strict";
// node:os, which tells nothing of the machine. https://nodejs.org/docs/latest-v22.x/api/os.html

const errors = require.lazy("node/internal_errors");
const constants = require("node/internal_os_constants");
const { validateNumber, validateObject } = require("node/internal_validators");

function getPriority(pid) {
  if (pid !== undefined) validateNumber(pid, "pid");
  return 0;
}

function setPriority(pid, priority) {
  validateNumber(pid, "pid");
  validateNumber(priority, "priority");
}

function userInfo(options = {}) {
  validateObject(options, "options");
  const { encoding = null } = options;
  if (encoding !== null && encoding !== "buffer" && !require("node/internal_buffer").Buffer.isEncoding(encoding)) {
    throw new (errors().ERR_INVALID_ARG_VALUE)("options.encoding", encoding, "must be a valid encoding");
  }
  return {};
}

module.exports = {
  EOL: "\n",
  arch() {
    return "x64";
  },
  availableParallelism() {
    return 1;
  },
  constants,
  cpus() {
    return [];
  },
  devNull: "/dev/null",
  endianness() {
    return "LE";
  },
  freemem() {
    return 0;
  },
  getPriority,
  homedir() {
    return "/tmp/";
  },
  hostname() {
    return "localhost";
  },
  loadavg() {
    return [0, 0, 0];
  },
  machine() {
    return "x86_64";
  },
  networkInterfaces() {
    return {};
  },
  platform() {
    return "linux";
  },
  release() {
    return "";
  },
  setPriority,
  tmpdir() {
    return "/tmp/";
  },
  totalmem() {
    return 0;
  },
  type() {
    return "Linux";
  },
  uptime() {
    return 0;
  },
  userInfo,
  version() {
    return "";
  },
};
