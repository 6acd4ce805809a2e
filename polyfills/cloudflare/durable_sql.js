"use strict";
// storage.sql and storage.transactionSync(). https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
//
// A result comes as its first rows, and mostly that is all of it; of a longer one the host keeps a cursor and gives more when those are used up.

const { ArrayBufferIsView, ArrayPrototypeSlice, Error, IteratorPrototype, Map, MapPrototypeClear, MapPrototypeGet, MapPrototypeGetSize, MapPrototypeSet, ObjectDefineProperty, ObjectSetPrototypeOf, ReflectApply, SymbolIterator, TypedArrayPrototypeGetBuffer } =
  primordials;
const { bytesOf, define, illegalConstructor, isAnyArrayBuffer, isObject, kConstruct, parameterError, toDOMString, toLong, toUSVString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { crossRequest } = require("cloudflare/service_stub");
const context = require("core/context");
const { state } = require("core/worker");
const { actorOf, useStorage } = require("cloudflare/durable_storage");

// The reference runtime's text lacks that space, too.
const kNoSQL =
  "SQL is not enabled for this Durable Object class. To enable it, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in your wrangler.jsonc or wrangler.toml file. " +
  "If using workerd directly,set `enableSql = true` in your workerd config for the class. Note that this change cannot be made after the class is already deployed to production.";

// How many texts an object's column names are known for.
const kMaxNames = 1000;

// Steps of op_storage_transaction.
const kCommit = 1;
const kRollBack = 2;
const kNest = 3;

class SqlStorage {
  #storage;
  // Names of columns by text of the SQL.
  #names = new Map();

  constructor(token, storage) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#storage = storage;
  }

  exec(...args) {
    if (!isObject(this) || !(#storage in this)) throw illegalInvocation();
    if (args.length === 0) throw parameterError("exec", "SqlStorage", 1, "String");
    const text = toDOMString(args[0]);
    const values = [];
    for (let i = 1; i < args.length; i++) values[i - 1] = toValue(args[i]);
    return this.#run(text, values);
  }

  #run(text, values) {
    const ctx = this.#use();
    const names = MapPrototypeGet(this.#names, text);
    const result = ops.op_sql_exec(ctx.id, text, names !== undefined, values);
    if (result[4] === null) return new Cursor(kConstruct, ctx, result, names);
    if (MapPrototypeGetSize(this.#names) >= kMaxNames) MapPrototypeClear(this.#names);
    MapPrototypeSet(this.#names, text, result[4]);
    return new Cursor(kConstruct, ctx, result, result[4]);
  }

  /** The context of the object, which has SQL and must be in force. */
  #use() {
    const ctx = useStorage(this.#storage);
    if (!ctx.actor.sql) throw new Error(kNoSQL);
    return ctx;
  }

  prepare(query) {
    if (!isObject(this) || !(#storage in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("prepare", "SqlStorage", 1, "String");
    const text = toDOMString(query);
    return makeStatement((...args) => {
      for (let i = 0; i < args.length; i++) args[i] = toValue(args[i]);
      return this.#run(text, args);
    });
  }

  ingest(query) {
    if (!isObject(this) || !(#storage in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("ingest", "SqlStorage", 1, "string");
    const text = toUSVString(query);
    const result = ops.op_sql_ingest(this.#use().id, text);
    return { remainder: result[0], rowsRead: result[1], rowsWritten: result[2], statementCount: result[3] };
  }

  setMaxPageCountForTest(count) {
    if (!isObject(this) || !(#storage in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("setMaxPageCountForTest", "SqlStorage", 1, "integer");
    const pages = toLong(count);
    ops.op_sql_max_pages(this.#use().id, pages);
  }

  get databaseSize() {
    if (!isObject(this) || !(#storage in this)) throw illegalInvocation();
    return ops.op_sql_size(this.#use().id);
  }
}

/** A value that is bound: null, a number, text or bytes. */
function toValue(value) {
  switch (typeof value) {
    case "number":
    case "string":
      return value;
    case "undefined":
      return null;
    case "bigint":
      return +value; // throws
    case "object":
      if (value === null) return null;
      if (ArrayBufferIsView(value) || isAnyArrayBuffer(value)) return bytesOf(value);
  }
  return toDOMString(value);
}

// Cursors.

const kNoResult = "Expected exactly one result from SQL query, but got no results.";
const kManyResults = "Expected exactly one result from SQL query, but got multiple results.";

let rowOf;
let valuesOf;

class Cursor {
  #ctx;
  // They are shared by all results of a text; a script sees a copy.
  #names;
  #visible;
  // Values, row by row, from #at on.
  #values;
  #at;
  // Number of the host's cursor, 0 if these are all.
  #rest;
  // What the host has read, and how many rows have been given.
  #read;
  #given = 0;
  #written;
  #reused;
  // Whether all rows have been given.
  #done;
  // What the next row could not be had for.
  #failure;

  constructor(token, ctx, result, names) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#ctx = ctx;
    this.#names = names;
    this.#values = result;
    this.#at = 5;
    this.#rest = result[0];
    this.#written = result[1];
    this.#read = result[2];
    this.#reused = result[3];
    this.#done = this.#rest === 0 && result.length === 5;
  }

  next() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    return iteration(rowOf(this));
  }

  toArray() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    const rows = [];
    for (let row = rowOf(this); row !== undefined; row = rowOf(this)) rows[rows.length] = row;
    return rows;
  }

  one() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    const row = rowOf(this);
    if (row === undefined) throw new Error(kNoResult);
    if (!this.#done) {
      if (this.#rest !== 0) ops.op_sql_close(this.#ctx.id, this.#rest);
      this.#done = true;
      throw new Error(kManyResults);
    }
    return row;
  }

  raw() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    return new RawIterator(kConstruct, this);
  }

  get columnNames() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    if (this.#visible === undefined) this.#visible = ArrayPrototypeSlice(this.#names);
    return this.#visible;
  }

  get rowsRead() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    if (!this.#done) this.#check();
    if (this.#read === 0 || this.#done) return this.#read;
    return this.#given + 1;
  }

  get rowsWritten() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    if (!this.#done) this.#check();
    return this.#written;
  }

  get reusedCachedQueryForTest() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    return this.#reused;
  }

  [SymbolIterator]() {
    if (!isObject(this) || !(#ctx in this)) throw illegalInvocation();
    return new RowIterator(kConstruct, this);
  }

  #check() {
    if (context.current() !== this.#ctx) throw crossRequest("State");
  }

  /** Begins the next row, gives where it is in #values, -1 after the last. */
  #step() {
    if (this.#done) return -1;
    this.#check();
    const at = this.#at;
    if (at === this.#values.length) return this.#fail();
    this.#at = at + this.#names.length;
    this.#given++;
    if (this.#at === this.#values.length && this.#rest !== 0) return this.#ahead(at);
    this.#done = this.#rest === 0 && this.#at === this.#values.length;
    return at;
  }

  /** Gets more rows when the last one that is here is given, so that it is known whether that is the last of all. */
  #ahead(at) {
    const row = [];
    for (let i = at; i < this.#values.length; i++) row[i - at] = this.#values[i];
    const number = this.#rest;
    this.#rest = 0;
    try {
      const result = ops.op_sql_next(this.#ctx.id, number);
      this.#rest = result[0];
      this.#read = result[1];
      this.#done = this.#rest === 0 && result.length === 2;
      for (let i = 2; i < result.length; i++) row[row.length] = result[i];
    } catch (error) {
      // Of the next row; it is that one's to throw.
      this.#failure = { __proto__: null, error };
    }
    this.#values = row;
    this.#at = this.#names.length;
    return 0;
  }

  /** There is no row where one should be. */
  #fail() {
    this.#done = true;
    if (this.#failure !== undefined) throw this.#failure.error;
    return -1;
  }

  static {
    /** The next row as an object, undefined after the last. */
    rowOf = (cursor) => {
      const at = cursor.#step();
      if (at < 0) return undefined;
      const names = cursor.#names;
      const values = cursor.#values;
      const row = {};
      for (let i = 0; i < names.length; i++) row[names[i]] = shown(values[at + i]);
      return row;
    };
    /** The next row as an array. */
    valuesOf = (cursor) => {
      const at = cursor.#step();
      if (at < 0) return undefined;
      const width = cursor.#names.length;
      const values = cursor.#values;
      const row = [];
      for (let i = 0; i < width; i++) row[i] = shown(values[at + i]);
      return row;
    };
  }
}
if (!state.flags.experimental) delete Cursor.prototype.reusedCachedQueryForTest;
define(Cursor, "Cursor");
ObjectDefineProperty(Cursor.prototype[SymbolIterator], "name", { __proto__: null, value: "", configurable: true });

/** A value as scripts see it: bytes are an ArrayBuffer. */
function shown(value) {
  return typeof value === "object" && value !== null ? TypedArrayPrototypeGetBuffer(value) : value;
}

function iteration(value) {
  return value === undefined ? { done: true } : { done: false, value };
}

function makeIterator(name, next) {
  const Iterator = {
    [name]: class {
      #cursor;
      constructor(token, cursor) {
        if (token !== kConstruct) throw illegalConstructor();
        this.#cursor = cursor;
      }
      next() {
        if (!isObject(this) || !(#cursor in this)) throw illegalInvocation();
        return iteration(next(this.#cursor));
      }
      [SymbolIterator]() {
        if (!isObject(this) || !(#cursor in this)) throw illegalInvocation();
        return this;
      }
    },
  }[name];
  define(Iterator, name);
  ObjectDefineProperty(Iterator.prototype[SymbolIterator], "name", { __proto__: null, value: "", configurable: true });
  ObjectSetPrototypeOf(Iterator.prototype, IteratorPrototype);
  return Iterator;
}

const RowIterator = makeIterator("RowIterator", rowOf);
const RawIterator = makeIterator("RawIterator", valuesOf);

// Statements: functions, whose prototype is that of a class.

class Statement {
  constructor() {
    throw illegalConstructor();
  }
}
define(Statement, "Statement");

function makeStatement(run) {
  delete run.name;
  delete run.length;
  return ObjectSetPrototypeOf(run, Statement.prototype);
}

if (!state.flags.experimental) {
  delete SqlStorage.prototype.prepare;
  delete SqlStorage.prototype.ingest;
  delete SqlStorage.prototype.setMaxPageCountForTest;
}
ObjectDefineProperty(SqlStorage.prototype, "Cursor", { __proto__: null, value: Cursor, writable: true, enumerable: true, configurable: true });
ObjectDefineProperty(SqlStorage.prototype, "Statement", { __proto__: null, value: Statement, writable: true, enumerable: true, configurable: true });
define(SqlStorage, "SqlStorage");

/** The `sql` of a storage. */
function sqlFor(storage) {
  return new SqlStorage(kConstruct, storage);
}

/** storage.transactionSync(callback): everything that the callback writes, or nothing if it throws. */
function transactionSync(storage, args) {
  actorOf(storage);
  const callback = args[0];
  if (typeof callback !== "function") throw parameterError("transactionSync", "DurableObjectStorage", 1, "function");
  const ctx = useStorage(storage);
  ops.op_storage_transaction(ctx.id, kNest);
  ctx.actor.transactions++;
  let value;
  try {
    value = ReflectApply(callback, globalThis, []);
  } catch (error) {
    ctx.actor.transactions--;
    ops.op_storage_transaction(ctx.id, kRollBack);
    throw error;
  }
  ctx.actor.transactions--;
  ops.op_storage_transaction(ctx.id, kCommit);
  return value;
}

module.exports = { sqlFor, transactionSync };
