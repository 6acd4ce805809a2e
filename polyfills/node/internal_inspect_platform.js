"use strict";
// util.inspect, objects of the platform (Request, Headers, ...): their accessors are printed as if they were properties, pair iterables
// as if they were maps, and what only inspection shows in brackets. Which classes are the platform's is in the table of globals; a file
// says what else to show of its classes in `internals.inspect`: { ClassName: { label: (object) => value } }.

const {
  ArrayIsArray,
  FunctionPrototypeCall,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetOwnPropertyNames,
  ObjectGetPrototypeOf,
  ObjectKeys,
  ObjectPrototypePropertyIsEnumerable,
  SymbolIterator,
} = primordials;
const rows = require("core/globals");
const { kProperties, layOut } = require("node/internal_inspect_layout");
const { builtInObjects } = require("node/internal_inspect_names");

// Classes that are not global: they have no instances before their file is loaded.
const mime = require.lazy("node/internal_mime");
const hooks = require.lazy("node/async_hooks");

function isNodeClass(Class) {
  let classes = mime.peek();
  if (classes !== undefined && (Class === classes.MIMEType || Class === classes.MIMEParams)) return true;
  classes = hooks.peek();
  return classes !== undefined && (Class === classes.AsyncLocalStorage || Class === classes.AsyncResource);
}

// Name of an interface to the file that defines it.
const files = { __proto__: null };
for (let i = 0; i < rows.length; i++) files[rows[i][0]] = rows[i][1];

function fileOf(Class) {
  if (typeof Class !== "function") return undefined;
  const name = ObjectGetOwnPropertyDescriptor(Class, "name")?.value;
  const file = typeof name === "string" ? files[name] : undefined;
  return file !== undefined && require(file)[name] === Class ? file : undefined;
}

/** True for the interface objects themselves: they print as functions, although they are classes. */
function isPlatformClass(value) {
  return isNodeClass(value) || fileOf(value) !== undefined;
}

function constructorOf(prototype) {
  return ObjectGetOwnPropertyDescriptor(prototype, "constructor")?.value;
}

const kNone = { __proto__: null };

// What inspection shows of an instance of the platform's class nearest on its prototype chain; undefined if there is none.
function extrasOf(value) {
  for (let object = ObjectGetPrototypeOf(value); object !== null; object = ObjectGetPrototypeOf(object)) {
    const Class = constructorOf(object);
    if (isNodeClass(Class)) return kNone;
    const file = fileOf(Class);
    if (file !== undefined) return require(file).internals?.inspect?.[Class.name] ?? kNone;
  }
  return undefined;
}

function entriesOf(object) {
  const method = object.entries;
  if (typeof method !== "function") return undefined;
  const iterator = FunctionPrototypeCall(method, object);
  if (typeof iterator !== "object" || iterator === null || !(SymbolIterator in iterator)) return undefined;
  const entries = [];
  for (const entry of iterator) {
    if (!ArrayIsArray(entry) || entry.length !== 2) return undefined;
    entries[entries.length] = entry;
  }
  return entries;
}

// Where the walk along the prototypes ends.
function isBuiltInPrototype(prototype) {
  if (prototype === null) return true;
  const constructor = constructorOf(prototype);
  return typeof constructor === "function" && builtInObjects[constructor.name] === true;
}

// A plain object with what is to be printed.
function recordOf(object, extras) {
  const record = {};
  const { constructor } = object;
  let layer = object;
  do {
    const names = ObjectGetOwnPropertyNames(layer);
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      const value = object[name];
      // Methods, and constants, which the class has too.
      if (typeof value === "function" || ObjectPrototypePropertyIsEnumerable(constructor, name)) continue;
      ObjectDefineProperty(record, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    }
    layer = ObjectGetPrototypeOf(layer);
  } while (!isBuiltInPrototype(layer));
  const names = ObjectKeys(extras);
  for (let i = 0; i < names.length; i++) {
    ObjectDefineProperty(record, names[i], { __proto__: null, value: extras[names[i]](object), enumerable: false, configurable: true });
  }
  return record;
}

function printPairs(inspector, entries, record) {
  const output = [];
  inspector.seen[0] = record;
  inspector.currentDepth = 1;
  inspector.indent += 2;
  for (let i = 0; i < entries.length && i < inspector.maxArrayLength; i++) {
    output[i] = `${inspector.value(entries[i][0], 1)} => ${inspector.value(entries[i][1], 1)}`;
  }
  inspector.indent -= 2;
  const rest = entries.length - output.length;
  if (rest > 0) output[output.length] = `... ${rest} more item${rest > 1 ? "s" : ""}`;
  const names = ObjectGetOwnPropertyNames(record);
  for (let i = 0; i < names.length; i++) {
    if (names[i] !== "size") output[output.length] = inspector.property(record, 1, names[i], kProperties);
  }
  const open = `(${entries.length}) {`;
  return output.length === 0 ? `${open}}` : layOut(inspector, output, "", open, "}", kProperties, 1);
}

/**
 * The text of a platform object; undefined for all else.
 * @param {Inspector} ctx
 * @param {object} value
 * @param {object} context the proxy through which it was reached, or itself
 * @param {number | null} depth how deep its values may be printed
 */
function inspectPlatformObject(ctx, value, context, depth) {
  const extras = extrasOf(value);
  // A prototype is no instance.
  if (extras === undefined || value.constructor?.prototype === value) return undefined;
  const { name } = context.constructor;
  if (depth !== null && depth < 0) return ctx.stylize(`[${name}]`, "special");
  const entries = entriesOf(context);
  const record = recordOf(context, extras);
  const inspector = ctx.fork();
  inspector.depth = depth;
  inspector.showHidden = true;
  if (entries === undefined) return `${name} ${inspector.start(record)}`;
  inspector.prepare();
  return name + printPairs(inspector, entries, record);
}

module.exports = { inspectPlatformObject, isPlatformClass };
