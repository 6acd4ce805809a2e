"use strict";
// `process` under enable_nodejs_process_v2. https://nodejs.org/docs/latest-v22.x/api/process.html
// There is no process of the operating system behind it: what would need one answers with constants, or is not implemented.

const {
  ArrayIsArray,
  BigInt,
  DateNow,
  FunctionPrototypeBind,
  FunctionPrototypeCall,
  MathFloor,
  NumberIsInteger,
  NumberParseInt,
  ObjectAssign,
  ObjectDefineProperty,
  ObjectSetPrototypeOf,
  ReflectApply,
  RegExpPrototypeExec,
  Set,
  SymbolToStringTag,
} = primordials;
const { state } = require("core/worker");
const { EventEmitter } = require("node/events");
const errors = require.lazy("node/internal_errors");
const { validateString } = require("node/internal_validators");
const { workingDirectory } = require("node/internal_working_directory");
const base = require("node/internal_process");
const { env } = require("node/internal_process_env");

const node = state.flags.nodejs_process_version_24 ? "24.22.2" : "22.23.4";

// Only Node's own version means something here.
const versions = {
  node,
  v8: "",
  modules: "",
  zlib: "",
  brotli: "",
  zstd: "",
  ares: "",
  napi: "",
  llhttp: "",
  nghttp2: "",
  acorn: "",
  ada: "",
  simdutf: "",
  nbytes: "",
  ncrypto: "",
  uvwasi: "",
  uv: "",
  openssl: "",
  sqlite: "",
  icu: "",
  undici: "",
  simdjson: "",
  unicode: "",
  cldr: "",
  tz: "",
  cjs_module_lexer: "",
  amaro: "",
  merve: "",
};

function notImplemented(name) {
  return new (errors().ERR_METHOD_NOT_IMPLEMENTED)(`process.${name}`);
}

// Only the superuser is there.
function requireRoot(id, syscall) {
  if (id !== 0) throw new (errors().ERR_EPERM)(syscall);
}

const kMask = "must be a 32-bit unsigned integer or an octal string";

function checkMask(mask) {
  let value = mask;
  if (typeof mask === "string") value = RegExpPrototypeExec(/^[0-7]+$/, mask) === null ? -1 : NumberParseInt(mask, 8);
  else if (typeof mask !== "number") throw new (errors().ERR_INVALID_ARG_TYPE)("mask", "number", mask);
  if (value < 0 || value > 0xffffffff || !NumberIsInteger(value)) throw new (errors().ERR_INVALID_ARG_VALUE)("mask", mask, kMask);
}

function hrtime(time) {
  if (time !== undefined) {
    if (!ArrayIsArray(time)) throw new (errors().ERR_INVALID_ARG_TYPE)("time", "tuple of integers", time);
    if (time.length !== 2) throw new (errors().ERR_OUT_OF_RANGE)("time", "2", time);
  }
  const now = DateNow();
  let seconds = MathFloor(now / 1000);
  let nanoseconds = (now % 1000) * 1e6;
  if (time) {
    seconds -= time[0];
    nanoseconds -= time[1];
    if (nanoseconds < 0) {
      seconds -= 1;
      nanoseconds += 1e9;
    }
  }
  return [seconds, nanoseconds];
}
hrtime.bigint = function () {
  return BigInt(DateNow()) * 1000000n;
};

function memoryUsage() {
  return { rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 };
}

function resourceUsage() {
  return {
    userCPUTime: 0,
    systemCPUTime: 0,
    maxRSS: 0,
    sharedMemorySize: 0,
    unsharedDataSize: 0,
    unsharedStackSize: 0,
    minorPageFault: 0,
    majorPageFault: 0,
    swappedOut: 0,
    fsRead: 0,
    fsWrite: 0,
    ipcSent: 0,
    ipcReceived: 0,
    signalsCount: 0,
    voluntaryContextSwitches: 0,
    involuntaryContextSwitches: 0,
  };
}

function fail(name) {
  throw notImplemented(name);
}

const process = {
  assert: undefined,
  version: `v${node}`,
  versions,
  title: "workerd",
  argv: ["workerd"],
  argv0: "workerd",
  execArgv: [],
  arch: "x64",
  platform: "linux",
  config: require("node/internal_process_config"),
  // For programs that ask whether they are a child of somebody.
  pid: 1,
  ppid: 0,
  getegid: function getegid() {
    return 0;
  },
  getgid: function getgid() {
    return 0;
  },
  getgroups: function getgroups() {
    return [0];
  },
  geteuid: function geteuid() {
    return 0;
  },
  getuid: function getuid() {
    return 0;
  },
  setegid: function setegid(id) {
    requireRoot(id, "setegid");
  },
  setgid: function setgid(id) {
    requireRoot(id, "setgid");
  },
  setgroups: function setgroups(_groups) {
    throw new (errors().ERR_EPERM)("setgroups");
  },
  seteuid: function seteuid(id) {
    requireRoot(id, "seteuid");
  },
  setuid: function setuid(id) {
    requireRoot(id, "setuid");
  },
  initgroups: function initgroups(_user, _extractGroup) {
    throw new (errors().ERR_EPERM)("initgroups");
  },
  setSourceMapsEnabled: function setSourceMapsEnabled(_enabled, _options) {},
  getSourceMapsSupport: function getSourceMapsSupport() {
    return { enabled: false, nodeModules: false, generatedCode: false };
  },
  nextTick: base.nextTick,
  emitWarning: base.emitWarning,
  env,
  exit: base.exit,
  abort: function abort() {
    base.exit(1);
  },
  getBuiltinModule: base.getBuiltinModule,
  // What the file says counts, whatever was there.
  loadEnvFile: function loadEnvFile(path = ".env") {
    const { readFileSync } = require("node/internal_fs_sync");
    const { URL } = require("web/url");
    const text = readFileSync(path instanceof URL ? path : path.toString(), "utf8");
    ObjectAssign(process.env, require("node/internal_parse_env").parse(text));
  },
  features: base.features,
  allowedNodeEnvironmentFlags: new Set(),
  kill: function kill(_pid, _signal) {
    throw notImplemented("kill");
  },
  ref: function ref() {},
  unref: function unref() {},
  cwd: function cwd() {
    return workingDirectory();
  },
  chdir: function chdir(directory) {
    require("node/internal_fs_tree").changeDirectory(directory);
  },
  umask: function umask(mask) {
    if (mask !== undefined) checkMask(mask);
    return 18;
  },
  hrtime,
  uptime: function uptime() {
    return 0;
  },
  exitCode: undefined,
  channel: null,
  connected: false,
  binding: function binding(_name) {
    throw notImplemented("binding");
  },
  debugPort: 0,
  dlopen: function dlopen(_module, _filename, _flags) {
    throw notImplemented("dlopen");
  },
  finalization: {
    register: () => fail("finalization.register"),
    registerBeforeExit: () => fail("finalization.registerBeforeExit"),
    unregister: () => fail("finalization.unregister"),
  },
  getActiveResourcesInfo: function getActiveResourcesInfo() {
    throw notImplemented("getActiveResourcesInfo");
  },
  setUncaughtExceptionCaptureCallback: function setUncaughtExceptionCaptureCallback(_fn) {
    throw notImplemented("setUncaughtExceptionCaptureCallback");
  },
  hasUncaughtExceptionCaptureCallback: function hasUncaughtExceptionCaptureCallback() {
    throw notImplemented("hasUncaughtExceptionCaptureCallback");
  },
  memoryUsage,
  noDeprecation: false,
  permission: { has: () => fail("permission.has") },
  release: { name: "node", lts: true, sourceUrl: "", headersUrl: "" },
  report: {
    compact: false,
    directory: "",
    filename: "",
    getReport: () => ({}),
    reportOnFatalError: false,
    reportOnSignal: false,
    reportOnUncaughtException: false,
    excludeNetwork: false,
    excludeEnv: false,
    signal: "SIGUSR2",
    writeReport: () => fail("report.writeReport"),
  },
  resourceUsage,
  send: function send(_message, _sendHandle) {
    return false;
  },
  traceDeprecation: false,
  throwDeprecation: false,
  sourceMapsEnabled: false,
  threadCpuUsage: function threadCpuUsage() {
    throw notImplemented("threadCpuUsage");
  },
  cpuUsage: function cpuUsage(_previousValue) {
    throw notImplemented("cpuUsage");
  },
  execPath: "",
  constrainedMemory: function constrainedMemory() {
    return 0;
  },
  availableMemory: function availableMemory() {
    return 0;
  },
  execve: function execve(_file, _args, _env) {
    throw notImplemented("execve");
  },
  _rawDebug: function _rawDebug(...args) {
    const { console } = require("web/console");
    ReflectApply(console.log, console, args);
  },
  moduleLoadList: [],
  _linkedBinding: function _linkedBinding(_name) {
    throw notImplemented("_linkedBinding");
  },
  domain: null,
  _exiting: false,
  _getActiveRequests: function _getActiveRequests() {
    return [];
  },
  _getActiveHandles: function _getActiveHandles() {
    return [];
  },
  reallyExit: function reallyExit(code) {
    base.exit(code || 0);
  },
  _kill: function _kill(_pid, _signal) {
    throw notImplemented("_kill");
  },
  _fatalException: function _fatalException(_error) {
    return false;
  },
  _tickCallback: function _tickCallback() {},
  _debugProcess: function _debugProcess(_pid) {},
  _debugEnd: function _debugEnd() {},
  _startProfilerIdleNotifier: function _startProfilerIdleNotifier() {},
  _stopProfilerIdleNotifier: function _stopProfilerIdleNotifier() {},
  _preload_modules: [],
  _disconnect: undefined,
  _handleQueue: undefined,
  _pendingMessage: undefined,
  _channel: undefined,
  _send: undefined,
};

// Removed in Node 23.
if (!state.flags.remove_nodejs_compat_eol_v23) {
  const assert = require("node/assert");
  process.assert = FunctionPrototypeBind(assert.ok, assert);
}

ObjectSetPrototypeOf(process, EventEmitter.prototype);
FunctionPrototypeCall(EventEmitter, process);
ObjectDefineProperty(process, SymbolToStringTag, { __proto__: null, value: "process", configurable: true });

// The global's events are listened to once somebody wants to know.
const forwarded = { __proto__: null, unhandledRejection: false, rejectionHandled: false };

function forward(name) {
  if (forwarded[name] !== false) return;
  forwarded[name] = true;
  const { EventTarget } = require("web/event_target");
  const listener =
    name === "unhandledRejection"
      ? (event) => process.emit("unhandledRejection", event.reason, event.promise)
      : (event) => process.emit("rejectionHandled", event.promise);
  FunctionPrototypeCall(EventTarget.prototype.addEventListener, globalThis, name === "unhandledRejection" ? "unhandledrejection" : "rejectionhandled", listener);
}

process.on("newListener", (name) => {
  if (typeof name === "string") forward(name);
});

const stdio = require.lazy("node/internal_process_stdio");

function defineStream(target, name) {
  ObjectDefineProperty(target, name, {
    __proto__: null,
    get() {
      return stdio()[name]();
    },
    // Programs put streams of their own there.
    set(value) {
      ObjectDefineProperty(process, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    },
    enumerable: true,
    configurable: true,
  });
}

process.openStdin = function openStdin() {
  return process.stdin;
};

module.exports = { ...process, default: process };
const streams = ["stdin", "stdout", "stderr"];
for (let i = 0; i < streams.length; i++) {
  defineStream(process, streams[i]);
  defineStream(module.exports, streams[i]);
}
