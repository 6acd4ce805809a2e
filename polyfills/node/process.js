"use strict";
// node:process and the global `process`: which one it is depends on the compatibility date.

const { state } = require("core/worker");
const base = require("node/internal_process");

function small() {
  const process = {
    nextTick: base.nextTick,
    env: require("node/internal_process_env").env,
    exit: base.exit,
    getBuiltinModule: base.getBuiltinModule,
    platform: "linux",
    features: base.features,
  };
  return { ...process, default: process };
}

module.exports = state.flags.enable_nodejs_process_v2 ? require("node/internal_process_full") : small();
