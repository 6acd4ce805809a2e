"use strict";
// Tail handlers: the traces that they get of other workers' events.
// https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/

const { ArrayPrototypeSort, JSONParse, ObjectDefineProperty, ObjectHasOwn, PromisePrototypeThen, PromiseResolve, StringPrototypeCharCodeAt, StringPrototypeIncludes, StringPrototypeSlice } =
  primordials;
const { define, illegalConstructor, isObject, kConstruct } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const worker = require("core/worker");
const { unpack } = require("web/headers").internals;

/** Gives an object a member that cannot be assigned to. */
function show(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

// What is redacted.

/** Whether values of a header are secrets by its name. */
function isSecret(name) {
  return (
    name === "cookie" ||
    name === "set-cookie" ||
    StringPrototypeIncludes(name, "auth") ||
    StringPrototypeIncludes(name, "key") ||
    StringPrototypeIncludes(name, "secret") ||
    StringPrototypeIncludes(name, "token") ||
    StringPrototypeIncludes(name, "jwt")
  );
}

/** Replaces the parts of a URL that look like an id: hexadecimal of 32 digits or more, or base64 of 21 characters or more. */
function redactURL(url) {
  let redacted = "";
  let start = 0;
  const kinds = { __proto__: null, upper: 0, lower: 0, digits: 0, hex: 0, other: 0 };
  for (let i = 0; i <= url.length; i++) {
    if (i < url.length && count(StringPrototypeCharCodeAt(url, i), kinds)) continue;
    redacted += looksLikeId(kinds, i - start) ? "REDACTED" : StringPrototypeSlice(url, start, i);
    if (i < url.length) redacted += url[i];
    start = i + 1;
    kinds.upper = kinds.lower = kinds.digits = kinds.hex = kinds.other = 0;
  }
  return redacted;
}

/** Counts a character that may be part of an id; false for one that may not. */
function count(code, kinds) {
  if (code >= 0x30 && code <= 0x39) kinds.digits++;
  else if (code >= 0x41 && code <= 0x5a) kinds.upper++;
  else if (code >= 0x61 && code <= 0x7a) kinds.lower++;
  else return code === 0x2b || code === 0x2d || code === 0x5f; // + - _
  const letter = code | 0x20;
  if (code <= 0x39 || letter <= 0x66) kinds.hex++;
  else kinds.other++;
  return true;
}

function looksLikeId({ upper, lower, digits, hex, other }, length) {
  return (hex >= 32 && other === 0) || (length >= 21 && upper >= 2 && lower >= 2 && digits >= 2);
}

// The members of a trace.

class Request {
  // url and headers as they were, for getUnredacted().
  #url;
  #headers;

  constructor(token, url, method, headers, cf, wholeURL, wholeHeaders) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "url", url);
    show(this, "method", method);
    show(this, "headers", headers);
    show(this, "cf", cf);
    this.#url = wholeURL;
    this.#headers = wholeHeaders;
  }

  getUnredacted() {
    if (!isObject(this) || !(#headers in this)) throw illegalInvocation();
    return new Request(kConstruct, this.#url, this.method, this.#headers, this.cf, this.#url, this.#headers);
  }
}
define(Request, "Request");

class Response {
  constructor(token, status) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "status", status);
  }
}
define(Response, "Response");

class FetchEventInfo {
  constructor(token, request, response) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "request", request);
    show(this, "response", response);
  }
}
define(FetchEventInfo, "FetchEventInfo");

class JsRpcEventInfo {
  constructor(token, method) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "rpcMethod", method);
  }
}
define(JsRpcEventInfo, "JsRpcEventInfo");

class TailItem {
  constructor(token, scriptName) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "scriptName", scriptName);
  }
}
define(TailItem, "TailItem");

class TailEventInfo {
  constructor(token, scriptName) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "consumedEvents", [new TailItem(kConstruct, scriptName)]);
  }
}
define(TailEventInfo, "TailEventInfo");

class ScheduledEventInfo {
  constructor(token, scheduledTime, cron) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "cron", cron);
    show(this, "scheduledTime", scheduledTime);
  }
}
define(ScheduledEventInfo, "ScheduledEventInfo");

class QueueEventInfo {
  constructor(token, queue, batchSize) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "batchSize", batchSize);
    show(this, "queue", queue);
  }
}
define(QueueEventInfo, "QueueEventInfo");

class TraceLog {
  constructor(token, record) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "errorInfo", errorsOf(ObjectHasOwn(record, "errorInfo") ? record.errorInfo : undefined));
    show(this, "message", record.message);
    show(this, "level", record.level);
    show(this, "timestamp", record.timestamp);
  }
}
define(TraceLog, "TraceLog");

class TraceException {
  constructor(token, record) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "stack", ObjectHasOwn(record, "stack") ? record.stack : undefined);
    show(this, "name", record.name);
    show(this, "message", record.message);
    show(this, "timestamp", record.timestamp);
  }
}
define(TraceException, "TraceException");

class TraceItem {
  constructor(token, outcome, scriptName, entrypoint, start, wallTime, truncated, logs, exceptions, event) {
    if (token !== kConstruct) throw illegalConstructor();
    show(this, "wallTime", wallTime);
    show(this, "cpuTime", 0);
    show(this, "truncated", truncated);
    show(this, "executionModel", "stateless");
    show(this, "outcome", outcome);
    show(this, "durableObjectId", undefined);
    show(this, "preview", undefined);
    show(this, "tailAttributes", undefined);
    show(this, "scriptTags", undefined);
    show(this, "dispatchNamespace", undefined);
    show(this, "scriptVersion", undefined);
    show(this, "entrypoint", entrypoint ?? undefined);
    show(this, "scriptName", scriptName);
    show(this, "diagnosticsChannelEvents", []);
    show(this, "exceptions", listOf(TraceException, exceptions));
    show(this, "logs", listOf(TraceLog, logs));
    show(this, "eventTimestamp", start);
    show(this, "event", eventOf(event));
  }
}
define(TraceItem, "TraceItem");

/** Errors have a stack, known or not, which JSON does not say. */
function errorsOf(list) {
  if (list === undefined) return undefined;
  for (let i = 0; i < list.length; i++) {
    if (list[i] !== null && !ObjectHasOwn(list[i], "stack")) add(list[i], "stack", undefined);
  }
  return list;
}

function listOf(Class, json) {
  const list = JSONParse(json);
  for (let i = 0; i < list.length; i++) list[i] = new Class(kConstruct, list[i]);
  return list;
}

function eventOf(event) {
  switch (event[0]) {
    case "fetch": {
      const [, method, url, headers, cf, status] = event;
      const response = status === 0 ? undefined : new Response(kConstruct, status);
      return new FetchEventInfo(kConstruct, requestOf(method, url, headers, cf), response);
    }
    case "rpc":
      return new JsRpcEventInfo(kConstruct, event[1]);
    case "scheduled":
      return new ScheduledEventInfo(kConstruct, event[1], event[2]);
    case "queue":
      return new QueueEventInfo(kConstruct, event[1], event[2]);
    default:
      return new TailEventInfo(kConstruct, event[1]);
  }
}

function requestOf(method, url, packed, cfText) {
  const cf = cfText === null ? undefined : JSONParse(cfText);
  const plain = headersOf(packed);
  const redacted = {};
  for (let i = 0; i < plain.names.length; i++) {
    const name = plain.names[i];
    add(redacted, name, isSecret(name) ? "REDACTED" : plain.headers[name]);
  }
  return new Request(kConstruct, redactURL(url), method, redacted, cf, url, plain.headers);
}

/** Headers by name, in the order of names; a name that is there several times has its values joined. */
function headersOf(packed) {
  const parts = unpack(packed);
  const values = { __proto__: null };
  const names = [];
  for (let i = 0; i < parts.length; i += 2) {
    const name = parts[i];
    if (values[name] === undefined) {
      names[names.length] = name;
      values[name] = parts[i + 1];
    } else {
      values[name] += `, ${parts[i + 1]}`;
    }
  }
  ArrayPrototypeSort(names);
  const headers = {};
  for (let i = 0; i < names.length; i++) add(headers, names[i], values[names[i]]);
  return { __proto__: null, names, headers };
}

/** Makes an ordinary member, whatever its name. */
function add(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
}

/** Host: the trace of an event, for the tail handler of an entrypoint. The arguments after `caps` are those of TraceItem. */
function onTail(id, entrypoint, props, caps, ...trace) {
  const { begin, endIfDone, fail } = require("core/dispatch");
  const ctx = begin(id);
  const failed = (error) => fail(ctx, error);
  let result;
  try {
    result = worker.callTail(ctx, entrypoint, props, caps, [makeItem(trace)]);
  } catch (error) {
    failed(error);
    return;
  }
  const done = () => {
    if (ctx.answered || ctx.ended) return;
    ctx.answered = true;
    ops.op_tail_done(ctx.id);
    endIfDone(ctx);
  };
  PromisePrototypeThen(PromiseResolve(result), done, failed);
}

/** The item of a trace, as MessageTail and MessageObjectTail bring it. */
function makeItem(trace) {
  return new TraceItem(kConstruct, ...trace);
}

module.exports = { makeItem, onTail };
