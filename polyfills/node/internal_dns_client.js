"use strict";
// DNS over HTTPS, and the records of its JSON. https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/

const {
  ArrayPrototypeJoin,
  ArrayPrototypeMap,
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  Error,
  FunctionPrototypeSymbolHasInstance,
  NumberParseInt,
  RegExpPrototypeExec,
  StringFromCharCode,
  StringPrototypeEndsWith,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  encodeURIComponent,
} = primordials;
const { defineError } = require("node/internal_errors");
const { validateString } = require("node/internal_validators");
const { URL } = require("web/url");

const kServer = "https://cloudflare-dns.com/dns-query";

// Its code is the DNS library's, its name that of all errors.
class DnsError extends defineError("DnsError", Error, (hostname, code, syscall) => `${syscall} ${code} ${hostname}`) {
  errno = undefined;
  constructor(hostname, code, syscall) {
    super(hostname, code, syscall);
    this.code = code;
    this.hostname = hostname;
    this.syscall = syscall;
  }
}

async function ask(name, type) {
  const url = new URL(`${kServer}?name=${encodeURIComponent(name)}&type=${type}`);
  // The program's, if it has put one of its own there.
  const response = await globalThis.fetch(url, { headers: { Accept: "application/dns-json" }, method: "GET" });
  if (!response.ok) throw new DnsError(name, "EBADRESP", `query${type}`);
  return response.json();
}

/** The answer to a query: an array of { name, type, TTL, data }, or undefined if it has none. Rejects with a DnsError. */
async function query(name, type) {
  const syscall = `query${type}`;
  let json;
  try {
    json = await ask(name, type);
  } catch (error) {
    throw FunctionPrototypeSymbolHasInstance(DnsError, error) ? error : new DnsError(name, "EBADQUERY", syscall);
  }
  if ("error" in json || !json.Question[0]) throw new DnsError(name, "EBADRESP", syscall);
  const { Answer } = json;
  if (Answer?.[0]?.name === "") throw new DnsError(name, "ENOTFOUND", syscall);
  return Answer;
}

/** The same, mapped; fails as `syscall` if there is no answer. */
async function records(name, type, syscall, read) {
  const answer = await query(name, type);
  if (answer === undefined || answer === null) throw new DnsError(name, "ENOTFOUND", syscall);
  return ArrayPrototypeMap(answer, (record) => read(record, name));
}

// Readers of records.

const undot = (text) => (StringPrototypeEndsWith(text, ".") ? StringPrototypeSlice(text, 0, -1) : text);
const readName = ({ data }) => undot(data);

function readMx({ data }, name) {
  const [priority, exchange] = StringPrototypeSplit(data, " ");
  if (exchange === undefined) throw new DnsError(name, "EBADRESP", "queryMx");
  return { exchange: undot(exchange), priority: NumberParseInt(priority, 10) };
}

function readSoa({ data }) {
  const parts = StringPrototypeSplit(data, " ");
  const names = ["nsname", "hostmaster", "serial", "refresh", "retry", "expire", "minttl"];
  const record = {};
  for (let i = 0; i < names.length; i++) {
    validateString(parts[i], names[i]);
    record[names[i]] = i < 2 ? parts[i] : NumberParseInt(parts[i], 10);
  }
  return record;
}

function readSrv({ data }) {
  const parts = StringPrototypeSplit(data, " ");
  const names = ["priority", "weight", "port", "name"];
  for (let i = 0; i < names.length; i++) validateString(parts[i], names[i]);
  return { priority: NumberParseInt(parts[0], 10), weight: NumberParseInt(parts[1], 10), port: NumberParseInt(parts[2], 10), name: parts[3] };
}

// `"one" "two"`
function readTxt({ data }) {
  if (!StringPrototypeStartsWith(data, '"') || !StringPrototypeEndsWith(data, '"')) return [data];
  const strings = [];
  const quoted = /"([^"]*)"/g;
  for (let match; (match = RegExpPrototypeExec(quoted, data)) !== null; ) ArrayPrototypePush(strings, match[1]);
  return strings;
}

// "\# 15 00 05 69 ...": what is in no text form, as bytes.
function bytesOf(data) {
  const parts = StringPrototypeSplit(data, " ");
  return ArrayPrototypeMap(ArrayPrototypeSlice(parts, 2), (part) => NumberParseInt(part, 16));
}

const textOf = (bytes) => ArrayPrototypeJoin(ArrayPrototypeMap(bytes, (byte) => StringFromCharCode(byte)), "");

// https://www.rfc-editor.org/rfc/rfc8659#section-4.1
function readCaa({ data }) {
  const quoted = RegExpPrototypeExec(/^(\d+) (\S+) "(.*)"$/, data);
  if (quoted !== null) return { critical: +quoted[1], [quoted[2]]: quoted[3] };
  const bytes = bytesOf(data);
  const end = 2 + bytes[1];
  return { critical: bytes[0], [textOf(ArrayPrototypeSlice(bytes, 2, end))]: textOf(ArrayPrototypeSlice(bytes, end)) };
}

// https://www.rfc-editor.org/rfc/rfc3403#section-4.1
function readNaptr({ data }) {
  const bytes = bytesOf(data);
  let at = 4;
  const next = () => {
    const from = at + 1;
    at = from + bytes[at];
    return textOf(ArrayPrototypeSlice(bytes, from, at));
  };
  const record = { flags: next(), service: next(), regexp: next(), replacement: "", order: bytes[0] * 256 + bytes[1], preference: bytes[2] * 256 + bytes[3] };
  const labels = [];
  while (bytes[at] > 0) ArrayPrototypePush(labels, next());
  record.replacement = ArrayPrototypeJoin(labels, ".");
  return record;
}

module.exports = { DnsError, query, records, readCaa, readMx, readName, readNaptr, readSoa, readSrv, readTxt };
