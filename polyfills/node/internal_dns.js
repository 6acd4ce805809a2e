"use strict";
// Looking up names, with promises; lookup() calls back. https://nodejs.org/docs/latest-v22.x/api/dns.html

const { ArrayPrototypeMap, Error, PromisePrototypeThen, ReflectApply } = primordials;
const errors = require.lazy("node/internal_errors");
const netErrors = require.lazy("node/internal_net_errors");
const client = require("node/internal_dns_client");
const { isIP } = require("node/internal_net_address");
const { nextTick } = require("node/internal_process");
const { validateBoolean, validateFunction, validateNumber, validateOneOf, validateString } = require("node/internal_validators");

const kFamilies = [0, 4, 6];
const kOrders = ["verbatim", "ipv4first", "ipv6first"];
let defaultOrder = "verbatim";

const given = (value) => value !== undefined && value !== null;

function notImplemented() {
  throw new Error("Not implemented");
}

function getServers() {
  return ["1.1.1.1", "2606:4700:4700::1111", "1.0.0.1", "2606:4700:4700::1001"];
}

function setServers() {
  notImplemented();
}

function getDefaultResultOrder() {
  return defaultOrder;
}

function setDefaultResultOrder(value) {
  validateOneOf(value, "dnsOrder", kOrders);
  defaultOrder = value;
}

// lookup()

function lookupOptions(options) {
  const read = { __proto__: null, family: 0, all: false, order: defaultOrder };
  if (!given(options)) return read;
  const { hints, family, all, verbatim, order } = options;
  if (given(hints)) {
    validateNumber(hints, "options.hints");
    throw new (netErrors().ERR_OPTION_NOT_IMPLEMENTED)("options.hints");
  }
  if (given(family)) {
    read.family = family === "IPv4" ? 4 : family === "IPv6" ? 6 : family;
    validateOneOf(read.family, "options.family", kFamilies);
  }
  if (given(all)) {
    validateBoolean(all, "options.all");
    read.all = all;
  }
  if (given(verbatim)) {
    validateBoolean(verbatim, "options.verbatim");
    read.order = verbatim ? "verbatim" : "ipv4first";
  }
  if (given(order)) {
    validateOneOf(order, "options.order", kOrders);
    read.order = order;
  }
  return read;
}

// [options, callback] of lookup's arguments.
function lookupArguments(options, callback, count) {
  if (typeof options === "function") return [lookupOptions(undefined), options];
  if (typeof options === "number") {
    validateFunction(callback, "callback");
    validateOneOf(options, "family", kFamilies);
    return [lookupOptions({ family: options }), callback];
  }
  if (options !== undefined && typeof options !== "object") {
    validateFunction(count === 2 ? options : callback, "callback");
    throw new (errors().ERR_INVALID_ARG_TYPE)("options", ["integer", "object"], options);
  }
  validateFunction(callback, "callback");
  return [lookupOptions(options), callback];
}

async function addresses(hostname, family) {
  const answer = (await client.query(hostname, family === 4 ? "A" : "AAAA")) ?? [];
  return ArrayPrototypeMap(answer, ({ data }) => ({ address: data, family }));
}

async function orNone(promise) {
  try {
    return await promise;
  } catch {
    return [];
  }
}

/** All addresses of a name as { address, family }, those that come first first; at least one. */
async function find(hostname, { family, order }) {
  if (family !== 0) {
    const type = family === 4 ? "A" : "AAAA";
    return client.records(hostname, type, `query${type}`, ({ data }) => ({ address: data, family }));
  }
  const fours = orNone(addresses(hostname, 4));
  const sixes = await orNone(addresses(hostname, 6));
  const [first, second] = order === "ipv6first" ? [sixes, await fours] : [await fours, sixes];
  for (let i = 0; i < second.length; i++) first[first.length] = second[i];
  if (first.length === 0) throw new client.DnsError(hostname, "ENOTFOUND", "queryA");
  return first;
}

function lookup(hostname, options, callback) {
  if (hostname) validateString(hostname, "hostname");
  const [read, call] = lookupArguments(options, callback, arguments.length);
  if (!hostname) {
    if (read.all) nextTick(call, null, []);
    else nextTick(call, null, null, read.family === 6 ? 6 : 4);
    return;
  }
  const family = isIP(hostname);
  if (family !== 0) {
    if (read.all) nextTick(call, null, [{ address: hostname, family }]);
    else nextTick(call, null, hostname, family);
    return;
  }
  PromisePrototypeThen(
    find(hostname, read),
    (found) => ReflectApply(nextTick, undefined, read.all ? [call, null, found] : [call, null, found[0]?.address, found[0]?.family ?? read.family]),
    (error) => nextTick(call, error),
  );
}

async function lookupService() {
  notImplemented();
}

// resolve()

function resolveRecords(name, type, syscall, read) {
  validateString(name, "name");
  return client.records(name, type, syscall, read);
}

const addressReader = (options) => (options?.ttl ? ({ data, TTL }) => ({ ttl: TTL, address: data }) : ({ data }) => data);

function resolve4(name, options) {
  return resolveRecords(name, "A", "queryA", addressReader(options));
}

function resolve6(name, options) {
  return resolveRecords(name, "AAAA", "queryAaaa", addressReader(options));
}

async function resolveAny() {
  notImplemented();
}

function resolveCaa(name) {
  return resolveRecords(name, "CAA", "queryCaa", client.readCaa);
}

function resolveCname(name) {
  return resolveRecords(name, "CNAME", "queryCname", client.readName);
}

function resolveMx(name) {
  return resolveRecords(name, "MX", "queryMx", client.readMx);
}

function resolveNaptr(name) {
  return resolveRecords(name, "NAPTR", "queryNaptr", client.readNaptr);
}

function resolveNs(name) {
  return resolveRecords(name, "NS", "queryNs", client.readName);
}

function resolvePtr(name) {
  return resolveRecords(name, "PTR", "queryPtr", client.readName);
}

function resolveSoa(name) {
  validateString(name, "name");
  return PromisePrototypeThen(client.records(name, "SOA", "querySoa", client.readSoa), (found) => {
    if (found.length === 0) throw new client.DnsError(name, "ENOTFOUND", "querySoa");
    return found[0];
  });
}

function resolveSrv(name) {
  return resolveRecords(name, "SRV", "querySrv", client.readSrv);
}

function resolveTxt(name) {
  return resolveRecords(name, "TXT", "queryTxt", client.readTxt);
}

function reverse(name) {
  return resolvePtr(name);
}

const kResolvers = {
  __proto__: null,
  A: resolve4,
  AAAA: resolve6,
  ANY: resolveAny,
  CAA: resolveCaa,
  CNAME: resolveCname,
  MX: resolveMx,
  NAPTR: resolveNaptr,
  NS: resolveNs,
  PTR: resolvePtr,
  SOA: resolveSoa,
  SRV: resolveSrv,
  TXT: resolveTxt,
};

function resolve(name, rrtype) {
  validateString(name, "name");
  const resolver = typeof rrtype === "string" ? kResolvers[rrtype] : undefined;
  if (resolver === undefined) throw new (errors().ERR_INVALID_ARG_VALUE)("rrtype", rrtype);
  return resolver(name);
}

module.exports = {
  getServers,
  lookup,
  lookupService,
  resolve,
  resolve4,
  resolve6,
  resolveAny,
  resolveCname,
  resolveCaa,
  resolveMx,
  resolveNaptr,
  resolveNs,
  resolvePtr,
  resolveSoa,
  resolveSrv,
  resolveTxt,
  reverse,
  setDefaultResultOrder,
  getDefaultResultOrder,
  setServers,
};
