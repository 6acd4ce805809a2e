"use strict";
// node:https. https://nodejs.org/docs/latest-v22.x/api/https.html

const { ArrayPrototypeShift, ObjectAssign } = primordials;
const { SecureAgent: Agent, globalSecureAgent } = require("node/internal_http_agent");
const { ClientRequest, isURL } = require("node/internal_http_client");
const { Server: HttpServer } = require("node/internal_http_server");
const { fail, stubMethods } = require("node/internal_stubs");
const { urlToHttpOptions } = require("node/internal_url_file");
const { state } = require("core/worker");
const { URL } = require("web/url");

// Certificates are the platform's.
class Server extends HttpServer {}
stubMethods(Server.prototype, "", { addContext: 0, getTicketKeys: 0, setSecureContext: 0, setTicketKeys: 0 });

function request(...args) {
  let options = {};
  if (typeof args[0] === "string") options = urlToHttpOptions(new URL(ArrayPrototypeShift(args)));
  else if (isURL(args[0])) options = urlToHttpOptions(ArrayPrototypeShift(args));
  if (args.length > 0 && typeof args[0] !== "function") ObjectAssign(options, ArrayPrototypeShift(args));
  options._defaultAgent = globalSecureAgent;
  return new ClientRequest(options, args[0]);
}

function get(input, options, cb) {
  const req = request(input, options, cb);
  req.end();
  return req;
}

function createServer(options, handler) {
  if (!state.flags.enable_nodejs_http_server_modules) fail("createServer");
  return new Server(options, handler);
}

module.exports = { get, request, Agent, globalAgent: globalSecureAgent, createServer, Server };
