"use strict";
// node:inspector/promises, https://nodejs.org/docs/latest-v22.x/api/inspector.html#promises-api

const { Network, Session, console } = require("node/inspector");
const { stub } = require("node/internal_stubs");

module.exports = {
  Network,
  Session,
  close: stub("close", "Inspector.close"),
  console,
  open: stub("open", "Inspector.open"),
  url: stub("url", "Inspector.url"),
  waitForDebugger: stub("waitForDebugger", "Inspector.waitForDebugger"),
};
