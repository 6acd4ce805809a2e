"use strict";
// The storage of a Durable Object: keys and values, asynchronously, and transactions. https://developers.cloudflare.com/durable-objects/api/storage-api/
//
// The store answers at once, while JavaScript waits: a promise is there for the look of it. What is written is committed when the turn is over,
// and nobody learns of it before it is durable.

const { ArrayIsArray, ArrayPrototypePush, DatePrototypeGetTime, Error, Map, MapPrototypeSet, MathTrunc, NumberPrototypeToString, ObjectDefineProperty, ObjectKeys, PromisePrototypeThen, PromiseReject, PromiseResolve, StringPrototypePadStart, TypeError } = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError, toBoolean, toDOMString, toLong } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { crossRequest } = require("cloudflare/service_stub");
const context = require("core/context");
const { async } = require("core/ops");
const { state } = require("core/worker");

// Steps of op_storage_transaction.
const kBegin = 0;
const kCommit = 1;
const kRollBack = 2;

const kUndefinedValue = "put() called with undefined value.";
const kPutForms =
  "put() may only be called with a single key-value pair and optional options as put(key, value, options) or with multiple key-value pairs and optional options as put(entries, options)";
const kNoPoint = "This Durable Object's storage back-end does not implement point-in-time recovery.";
const kMaxUint32 = 0xffffffff;
const kInTransaction = "Cannot call deleteAll() within a transaction";

// Values.

const { deserializeStored: deserialize, serializeStored: serialize } = require("cloudflare/rpc_codec");

/** A Map of what op_storage_list and the like give. */
function mapOf(entries) {
  const map = new Map();
  for (let i = 0; i < entries.length; i += 2) MapPrototypeSet(map, entries[i], deserialize(entries[i + 1]));
  return map;
}

// Arguments; `iface` is whose method it is.

function checkOptions(options, method, iface, index, dict) {
  if (options !== undefined && options !== null && !isObject(options)) throw parameterError(method, iface, index, dict);
}

/** Whether a write may be told before it is durable. */
function isLoose(options, method, iface, index) {
  checkOptions(options, method, iface, index, "PutOptions");
  return options !== undefined && options !== null && toBoolean(options.allowUnconfirmed);
}

/** An argument that is a key or an array of keys. */
function toKeys(args, method, iface) {
  if (args.length === 0) throw parameterError(method, iface, 1, "string or Array");
  const value = args[0];
  if (!ArrayIsArray(value)) return toDOMString(value);
  const keys = [];
  for (let i = 0; i < value.length; i++) keys[i] = toDOMString(value[i]);
  return keys;
}

function optionalString(value) {
  return value === undefined ? null : toDOMString(value);
}

/** What ListOptions ask for. */
function toRange(options, method, iface) {
  checkOptions(options, method, iface, 1, "ListOptions");
  if (options === undefined || options === null) return { __proto__: null, start: null, after: false, end: null, prefix: null, limit: 0, reverse: false };
  const { end, limit, prefix, reverse, start, startAfter } = options;
  const from = optionalString(start);
  const after = optionalString(startAfter);
  const to = optionalString(end);
  const most = limit === undefined ? 0 : toLong(limit);
  const beginning = optionalString(prefix);
  if (from !== null && after !== null) throw new TypeError("list() cannot be called with both start and startAfter values.");
  if (limit !== undefined && most <= 0) throw new TypeError("List limit must be positive.");
  return { __proto__: null, start: from ?? after, after: after !== null, end: to, prefix: beginning, limit: most, reverse: reverse !== undefined && toBoolean(reverse) };
}

/** The entries of a range: key, bytes, ... */
function listEntries(ctx, { start, after, end, prefix, limit, reverse }) {
  return ops.op_storage_list(ctx.id, start, after, end, prefix, limit, reverse);
}

/** The first entry of a range, out of which it takes it: nothing, or key and bytes. */
function nextEntry(ctx, range) {
  const { limit } = range;
  range.limit = 1;
  const entry = limit < 0 ? [] : listEntries(ctx, range);
  range.limit = limit === 1 ? -1 : limit === 0 ? 0 : limit - 1;
  if (entry.length > 0) {
    if (range.reverse) {
      range.end = entry[0];
    } else {
      range.start = entry[0];
      range.after = true;
    }
  }
  return entry;
}

// The operations that storage and transactions share: (context of the object, interface, arguments).

function get(ctx, iface, args) {
  const keys = toKeys(args, "get", iface);
  checkOptions(args[1], "get", iface, 2, "GetOptions");
  if (typeof keys !== "string") return mapOf(ops.op_storage_get_many(ctx.id, keys));
  const bytes = ops.op_storage_get(ctx.id, keys);
  return bytes === undefined ? undefined : deserialize(bytes);
}

function list(ctx, iface, args) {
  return mapOf(listEntries(ctx, toRange(args[0], "list", iface)));
}

function put(ctx, iface, args) {
  if (args.length === 0) throw parameterError("put", iface, 1, "string or object");
  const first = args[0];
  const value = args[1];
  if (isObject(first) && !ArrayIsArray(first)) {
    if (value !== undefined && value !== null && !isObject(value)) throw new TypeError(kPutForms);
    const entries = [];
    const names = ObjectKeys(first);
    for (let i = 0; i < names.length; i++) {
      const item = first[names[i]];
      if (item !== undefined) ArrayPrototypePush(entries, names[i], serialize(item));
    }
    ops.op_storage_put(ctx.id, isLoose(value, "put", iface, 2), entries);
    return;
  }
  const key = toDOMString(first);
  const loose = isLoose(args[2], "put", iface, 3);
  if (value === undefined) throw new TypeError(kUndefinedValue);
  ops.op_storage_put(ctx.id, loose, [key, serialize(value)]);
}

/** The arguments of `delete`, which throws what is wrong with them instead of rejecting. */
function toDelete(iface, args) {
  const keys = toKeys(args, "delete", iface);
  return { keys, loose: isLoose(args[1], "delete", iface, 2) };
}

function remove(ctx, iface, { keys, loose }) {
  if (typeof keys === "string") return ops.op_storage_delete(ctx.id, loose, [keys]) > 0;
  return ops.op_storage_delete(ctx.id, loose, keys);
}

const kNoHandler = "Your Durable Object class must have an alarm() handler in order to call setAlarm()";
const kFacetAlarm = "Facets currently cannot set alarms.";
const kNotDate = "The value cannot be converted because it is not a valid Date.";
// Times count nanoseconds in 64 bits.
const kMaxTime = 9223372036854.775807;

/** Milliseconds since 1970 of an argument that is a Date or a number. */
function toTime(args, method, iface) {
  const value = args[0];
  let time = value;
  if (typeof value !== "number") {
    if (!isObject(value) || ops.op_value_kind(value) !== "Date") throw parameterError(method, iface, 1, "date");
    time = DatePrototypeGetTime(value);
  }
  if (time - time !== 0) throw new TypeError(kNotDate);
  if (time >= kMaxTime) throw new TypeError("This API doesn't support dates after 2189.");
  return MathTrunc(time);
}

function getAlarm(ctx, iface, args) {
  checkOptions(args[0], "getAlarm", iface, 1, "GetAlarmOptions");
  return ops.op_storage_get_alarm(ctx.id);
}

/** Whether a change of the alarm may be told before it is durable. */
function isLooseAlarm(options, method, iface, index) {
  checkOptions(options, method, iface, index, "SetAlarmOptions");
  return options !== undefined && options !== null && toBoolean(options.allowUnconfirmed);
}

function setAlarm(ctx, iface, args) {
  const time = toTime(args, "setAlarm", iface);
  const loose = isLooseAlarm(args[1], "setAlarm", iface, 2);
  if (time <= 0) throw new TypeError("setAlarm() cannot be called with an alarm time <= 0");
  const { instance } = ctx.actor;
  if (instance !== undefined && typeof instance.alarm !== "function") throw new TypeError(kNoHandler);
  if (ctx.actor.depth > 0) {
    ctx.actor.refuse(new Error(kFacetAlarm));
    return;
  }
  const now = MathTrunc(ops.op_now());
  ops.op_storage_set_alarm(ctx.id, loose, time < now ? now : time);
}

function deleteAlarm(ctx, iface, args) {
  ops.op_storage_set_alarm(ctx.id, isLooseAlarm(args[0], "deleteAlarm", iface, 1), null);
}

/** Runs an operation; what it gives or throws becomes a promise. */
function promised(contextOf, receiver, name, operation, iface, args) {
  try {
    return PromiseResolve(operation(contextOf(receiver, name), iface, args));
  } catch (error) {
    return PromiseReject(error);
  }
}

// Storage.

const kStorage = "DurableObjectStorage";
let useStorage;
let actorOf;

class DurableObjectStorage {
  #actor;

  constructor(token, actor) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#actor = actor;
    defineLazy(this, "kv", require.lazy("cloudflare/durable_kv"), "kvFor");
    defineLazy(this, "sql", require.lazy("cloudflare/durable_sql"), "sqlFor");
  }

  get(...args) {
    return promised(useStorage, this, "get", get, kStorage, args);
  }

  list(...args) {
    return promised(useStorage, this, "list", list, kStorage, args);
  }

  put(...args) {
    return promised(useStorage, this, "put", put, kStorage, args);
  }

  delete(...args) {
    return promised(useStorage, this, "delete", remove, kStorage, toDelete(kStorage, args));
  }

  deleteAll(...args) {
    return promised(useStorage, this, "deleteAll", deleteAll, kStorage, args);
  }

  getAlarm(...args) {
    return promised(useStorage, this, "getAlarm", getAlarm, kStorage, args);
  }

  setAlarm(...args) {
    return promised(useStorage, this, "setAlarm", setAlarm, kStorage, args);
  }

  deleteAlarm(...args) {
    return promised(useStorage, this, "deleteAlarm", deleteAlarm, kStorage, args);
  }

  transaction(...args) {
    return promised(useStorage, this, "transaction", transaction, kStorage, args);
  }

  transactionSync(...args) {
    return require("cloudflare/durable_sql").transactionSync(this, args);
  }

  sync() {
    return promised(useStorage, this, "sync", () => async(ops.op_object_sync));
  }

  getCurrentBookmark() {
    return promised(useStorage, this, "getCurrentBookmark", currentBookmark);
  }

  getBookmarkForTime(...args) {
    return promised(useStorage, this, "getBookmarkForTime", noPointInTime, "date", args);
  }

  onNextSessionRestoreBookmark(...args) {
    return promised(useStorage, this, "onNextSessionRestoreBookmark", noPointInTime, "string", args);
  }

  static {
    actorOf = (storage) => {
      if (!isObject(storage) || !(#actor in storage)) throw illegalInvocation();
      return storage.#actor;
    };
    /** The context of a storage's object, which must be in force. */
    useStorage = (storage) => {
      const { ctx } = actorOf(storage);
      if (context.current() !== ctx) throw crossRequest("ActorCacheInterface");
      return ctx;
    };
  }
}
define(DurableObjectStorage, kStorage);

/** A member that is made when it is first read. */
function defineLazy(object, name, file, maker) {
  ObjectDefineProperty(object, name, {
    __proto__: null,
    get() {
      const value = file()[maker](object);
      ObjectDefineProperty(object, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
      return value;
    },
    enumerable: true,
    configurable: true,
  });
}

/** Eight hexadecimal digits. */
function hex(number) {
  return StringPrototypePadStart(NumberPrototypeToString(number, 16), 8, "0");
}

/** A bookmark, which sorts after those that were given before; nothing can be restored from it. */
function currentBookmark(ctx) {
  const number = ops.op_storage_bookmark(ctx.id);
  return `${hex(MathTrunc(number / kMaxUint32))}-${hex(number % kMaxUint32)}-00000000-00000000000000000000000000000000`;
}

function noPointInTime(ctx, type, args) {
  if (type === "date") toTime(args, "getBookmarkForTime", kStorage);
  else if (args.length === 0) throw parameterError("onNextSessionRestoreBookmark", kStorage, 1, type);
  throw new Error(kNoPoint);
}

function deleteAll(ctx, iface, args) {
  isLoose(args[0], "deleteAll", iface, 1);
  if (ctx.actor.transactions > 0) throw new Error(kInTransaction);
  if (ctx.actor.facets !== undefined) require("cloudflare/durable_facets").endAll(ctx.actor);
  ops.op_storage_delete_all(ctx.id, state.flags.delete_all_deletes_alarm === true);
}

// Transactions.

const kOpen = 0;
const kCommitted = 1;
const kRolledBack = 2;

const kTransaction = "DurableObjectTransaction";
let useTransaction;
let closeTransaction;

class DurableObjectTransaction {
  #ctx;
  #state = kOpen;

  constructor(token, ctx) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#ctx = ctx;
    ops.op_storage_transaction(ctx.id, kBegin);
    ctx.actor.transactions++;
  }

  get(...args) {
    return promised(useTransaction, this, "get()", get, kTransaction, args);
  }

  list(...args) {
    return promised(useTransaction, this, "list()", list, kTransaction, args);
  }

  put(...args) {
    return promised(useTransaction, this, "put()", put, kTransaction, args);
  }

  delete(...args) {
    return promised(useTransaction, this, "delete()", remove, kTransaction, toDelete(kTransaction, args));
  }

  deleteAll() {
    throw new Error(kInTransaction);
  }

  getAlarm(...args) {
    return promised(useTransaction, this, "getAlarm()", getAlarm, kTransaction, args);
  }

  setAlarm(...args) {
    return promised(useTransaction, this, "setAlarm()", setAlarm, kTransaction, args);
  }

  deleteAlarm(...args) {
    return promised(useTransaction, this, "deleteAlarm()", deleteAlarm, kTransaction, args);
  }

  rollback() {
    if (this.#state !== kRolledBack) useTransaction(this, "rollback()");
    closeTransaction(this, kRolledBack);
  }

  static {
    /** The context of a transaction's object, if it is open. */
    useTransaction = (txn, operation) => {
      if (!isObject(txn) || !(#ctx in txn)) throw illegalInvocation();
      if (txn.#state === kRolledBack) throw new Error(`Cannot ${operation} on rolled back transaction`);
      if (txn.#state === kCommitted) throw new Error(`Cannot call ${operation} on transaction that has already committed: did you move \`txn\` outside of the closure?`);
      if (context.current() !== txn.#ctx) throw crossRequest("ActorCacheOps");
      return txn.#ctx;
    };
    closeTransaction = (txn, state) => {
      if (txn.#state !== kOpen) return;
      txn.#state = state;
      txn.#ctx.actor.transactions--;
      ops.op_storage_transaction(txn.#ctx.id, state === kCommitted ? kCommit : kRollBack);
    };
  }
}
define(DurableObjectTransaction, kTransaction);

async function runTransaction(ctx, callback) {
  const txn = new DurableObjectTransaction(kConstruct, ctx);
  try {
    const value = await callback(txn);
    closeTransaction(txn, kCommitted);
    return { value, failed: false };
  } catch (error) {
    closeTransaction(txn, kRolledBack);
    return { value: error, failed: true }; // the caller's to deal with: it does not end the object
  }
}

function transaction(ctx, iface, args) {
  const callback = args[0];
  if (typeof callback !== "function") throw parameterError("transaction", iface, 1, "function");
  checkOptions(args[1], "transaction", iface, 2, "TransactionOptions");
  return PromisePrototypeThen(
    ctx.actor.block(() => runTransaction(ctx, callback)),
    ({ value, failed }) => {
      if (failed) throw value;
      return value;
    },
  );
}

function makeStorage(actor) {
  return new DurableObjectStorage(kConstruct, actor);
}

module.exports = { actorOf, deserialize, makeStorage, nextEntry, serialize, toRange, useStorage };
