"use strict";
// node:dns. https://nodejs.org/docs/latest-v22.x/api/dns.html

const { ObjectAssign, ObjectKeys } = primordials;
const constants = require("node/internal_dns_constants");
const dns = require("node/internal_dns");
const promises = require("node/dns_promises");
const { makeResolver } = require("node/internal_dns_resolver");
const { callbackify } = require("node/internal_promisify");

const kPlain = { __proto__: null, getServers: true, getDefaultResultOrder: true, lookup: true, setDefaultResultOrder: true, setServers: true };

const functions = {};
const names = ObjectKeys(dns);
for (let i = 0; i < names.length; i++) functions[names[i]] = kPlain[names[i]] ? dns[names[i]] : callbackify(dns[names[i]]);

module.exports = ObjectAssign({}, functions, { Resolver: makeResolver(functions, false), promises }, constants);
