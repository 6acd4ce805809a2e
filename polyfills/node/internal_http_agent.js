"use strict";
// http.Agent and https.Agent: the platform keeps the connections, so they only say what they were told. https://nodejs.org/docs/latest-v22.x/api/http.html#class-httpagent

const { JSONStringify, ObjectDefineProperty } = primordials;
const { EventEmitter } = require("node/events");
const { fail } = require("node/internal_stubs");
const { validateNumber, validateOneOf } = require("node/internal_validators");

class Agent extends EventEmitter {
  static defaultMaxSockets = Infinity;

  agentKeepAliveTimeoutBuffer = 1000;
  freeSockets = {};
  sockets = {};
  requests = {};
  totalSocketCount = 0;

  constructor(options = undefined) {
    super({});
    const own = { __proto__: null, ...options };
    this.options = own;
    this.defaultPort = own.defaultPort || 80;
    this.protocol = own.protocol || "http:";
    own.path = null;
    if (!("proxyEnv" in own)) own.proxyEnv = undefined;
    own.noDelay ??= true;
    this.keepAliveMsecs = own.keepAliveMsecs || 1000;
    this.keepAlive = own.keepAlive || false;
    this.maxSockets = own.maxSockets || Agent.defaultMaxSockets;
    this.maxFreeSockets = own.maxFreeSockets || 256;
    this.scheduling = own.scheduling || "lifo";
    validateOneOf(this.scheduling, "scheduling", ["fifo", "lifo"]);
    if (own.maxTotalSockets !== undefined) validateNumber(own.maxTotalSockets, "maxTotalSockets");
    this.maxTotalSockets = own.maxTotalSockets ?? Infinity;
  }

  createConnection(options, callback) {
    fail("createConnection");
  }

  getName(options = {}) {
    let name = `${options.host || "localhost"}:${options.port || ""}:${options.localAddress || ""}`;
    if (options.family === 4 || options.family === 6) name += `:${options.family}`;
    if (options.socketPath) name += `:${options.socketPath}`;
    return name;
  }

  addRequest(req, options) {}

  createSocket(req, options, callback) {}

  removeSocket(socket) {}

  keepSocketAlive(socket) {
    return false;
  }

  reuseSocket(socket, req) {}

  destroy(error) {}
}

// What tells connections of TLS apart, in this order.
const kNames = ["ca", "cert", "clientCertEngine", "ciphers", "key", "pfx"];
const kMoreNames = ["minVersion", "maxVersion", "secureProtocol", "crl"];
const kLastNames = ["sessionIdContext", "sigalgs", "privateKeyIdentifier", "privateKeyEngine"];

function partsOf(options, names) {
  let text = "";
  for (let i = 0; i < names.length; i++) {
    const value = options[names[i]];
    text += `:${value ? (names[i] === "sigalgs" ? JSONStringify(value) : value) : ""}`;
  }
  return text;
}

const given = (value) => `:${value === undefined ? "" : value}`;

class SecureAgent extends Agent {
  maxCachedSessions = 100;

  constructor(options = undefined) {
    super({ ...options, defaultPort: options?.defaultPort ?? 443, protocol: options?.protocol ?? "https:" });
  }

  getName(options = {}) {
    const { servername } = options;
    let name = super.getName(options) + partsOf(options, kNames) + given(options.rejectUnauthorized);
    name += `:${servername && servername !== options.host ? servername : ""}`;
    name += partsOf(options, kMoreNames) + given(options.honorCipherOrder) + partsOf(options, ["ecdhCurve", "dhparam"]);
    return name + given(options.secureOptions) + partsOf(options, kLastNames);
  }
}

// Each is the Agent of its module.
ObjectDefineProperty(SecureAgent, "name", { __proto__: null, value: "Agent", configurable: true });

const kGlobal = { keepAlive: true, scheduling: "lifo", timeout: 5000 };

module.exports = {
  Agent,
  SecureAgent,
  globalAgent: new Agent(kGlobal),
  globalSecureAgent: new SecureAgent(kGlobal),
};
