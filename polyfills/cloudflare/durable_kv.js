"use strict";
// storage.kv: keys and values of a Durable Object that stores in SQLite, synchronously.
// https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#synchronous-kv-api

const { Error, IteratorPrototype, ObjectSetPrototypeOf } = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { actorOf, deserialize, nextEntry, toRange, serialize, useStorage } = require("cloudflare/durable_storage");

const kNoSQL =
  "The storage.kv (synchronous KV) API is only available for SQLite-backed Durable Objects, but this object's namespace is not declared to use SQLite. You can use the older, " +
  "asyncronous interface via methods of `storage` itself (e.g. `storage.get()`). Alternatively, to enable SQLite, change `new_classes` to `new_sqlite_classes` within the " +
  "'migrations' field in your wrangler.jsonc or wrangler.toml file. If using workerd directly, set `enableSql = true` in your workerd config for the class. Note that this change " +
  "cannot be made after the class is already deployed to production.";
const kInvalidated = "kv.list() iterator was invalidated because a new call to kv.list() was started. Only one kv.list() iterator can exist at a time.";

let use;

class SyncKvStorage {
  #storage;
  // The list that is being iterated.
  #current;

  constructor(token, storage) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#storage = storage;
  }

  get(key) {
    const { ctx } = use(this);
    if (arguments.length === 0) throw parameterError("get", "SyncKvStorage", 1, "string");
    const bytes = ops.op_storage_get(ctx.id, toDOMString(key));
    return bytes === undefined ? undefined : deserialize(bytes);
  }

  list(options) {
    const { ctx } = use(this);
    const range = toRange(options, "list", "SyncKvStorage");
    this.#current = new ListIterator(kConstruct, ctx, range, (iterator) => this.#current === iterator);
    return this.#current;
  }

  put(key, value) {
    const { ctx } = use(this);
    if (arguments.length === 0) throw parameterError("put", "SyncKvStorage", 1, "string");
    if (arguments.length === 1) throw parameterError("put", "SyncKvStorage", 2, "Value");
    ops.op_storage_put(ctx.id, false, [toDOMString(key), serialize(value)]);
  }

  delete(key) {
    const { ctx } = use(this);
    if (arguments.length === 0) throw parameterError("delete", "SyncKvStorage", 1, "string");
    return ops.op_storage_delete(ctx.id, false, [toDOMString(key)]) > 0;
  }

  static {
    /** The object whose storage it is, which must be in force and store in SQLite. */
    use = (kv) => {
      if (!isObject(kv) || !(#storage in kv)) throw illegalInvocation();
      useStorage(kv.#storage);
      const actor = actorOf(kv.#storage);
      if (!actor.sql) throw new Error(kNoSQL);
      return actor;
    };
  }
}
define(SyncKvStorage, "SyncKvStorage");

/** Lists entries, one at a time: it sees what is written meanwhile behind where it is. */
class ListIterator {
  #ctx;
  #range;
  #isCurrent;
  #over = false;

  constructor(token, ctx, range, isCurrent) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#ctx = ctx;
    this.#range = range;
    this.#isCurrent = isCurrent;
  }

  next() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    if (this.#over) return { done: true, value: undefined };
    if (!this.#isCurrent(this)) throw new Error(kInvalidated);
    const entry = nextEntry(this.#ctx, this.#range);
    if (entry.length === 0) {
      this.#over = true;
      return { done: true, value: undefined };
    }
    return { done: false, value: [entry[0], deserialize(entry[1])] };
  }
}
define(ListIterator, "ListIterator");
ObjectSetPrototypeOf(ListIterator.prototype, IteratorPrototype);

/** The `kv` of a storage. */
function kvFor(storage) {
  return new SyncKvStorage(kConstruct, storage);
}

module.exports = { kvFor };
