"use strict";
// The class Resolver of node:dns and node:dns/promises. https://nodejs.org/docs/latest-v22.x/api/dns.html#class-dnsresolver

const { Error, ObjectDefineProperty, ReflectApply } = primordials;

const kMethods = [
  "getServers",
  "resolve",
  "resolve4",
  "resolve6",
  "resolveAny",
  "resolveCaa",
  "resolveCname",
  "resolveMx",
  "resolveNaptr",
  "resolveNs",
  "resolvePtr",
  "resolveSoa",
  "resolveSrv",
  "resolveTxt",
  "reverse",
  "setServers",
];

/** Makes the class over the functions of a module, whose lengths its methods have if `lengths` is true. */
function makeResolver(functions, lengths) {
  class Resolver {
    cancel() {
      throw new Error("Not implemented");
    }

    setLocalAddress() {
      throw new Error("Not implemented");
    }
  }
  for (let i = 0; i < kMethods.length; i++) {
    const name = kMethods[i];
    const { method } = {
      method(...args) {
        return ReflectApply(functions[name], undefined, args);
      },
    };
    ObjectDefineProperty(method, "name", { __proto__: null, value: name, configurable: true });
    if (lengths) ObjectDefineProperty(method, "length", { __proto__: null, value: functions[name].length, configurable: true });
    ObjectDefineProperty(Resolver.prototype, name, { __proto__: null, value: method, writable: true, configurable: true });
  }
  return Resolver;
}

module.exports = { makeResolver };
