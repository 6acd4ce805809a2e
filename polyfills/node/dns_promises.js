"use strict";
// node:dns/promises. https://nodejs.org/docs/latest-v22.x/api/dns.html#dns-promises-api

const { ObjectAssign } = primordials;
const constants = require("node/internal_dns_constants");
const dns = require("node/internal_dns");
const { Deferred } = require("web/streams_queue");
const { makeResolver } = require("node/internal_dns_resolver");

function lookup(hostname, options) {
  const result = new Deferred();
  // What is wrong with the arguments is thrown.
  dns.lookup(hostname, options, (error, address, family) => {
    if (error) result.reject(error);
    else result.resolve(typeof address === "object" && address !== null ? address : { address, family });
  });
  return result.promise;
}

module.exports = ObjectAssign({}, dns, { lookup, Resolver: makeResolver(dns, true) }, constants);
module.exports.default = ObjectAssign({}, module.exports);
