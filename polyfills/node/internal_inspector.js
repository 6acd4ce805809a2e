"use strict";
// util.inspect, how a value is printed. https://nodejs.org/docs/latest-v22.x/api/util.html#utilinspectobject-options
// An Inspector holds the options and the state of one call. value() follows proxies and custom functions and finds cycles, raw() asks
// internal_inspect_kinds what the value is made of and prints entries, properties and braces. Nothing of the value's own code runs
// but custom inspect functions, getters of what is asked by name (constructor, name, stack, ...) and, for platform objects, accessors.

const {
  ArrayPrototypeSlice,
  ArrayPrototypeSort,
  Error,
  FunctionPrototypeCall,
  FunctionPrototypeSymbolHasInstance,
  Map,
  MapPrototypeGet,
  MapPrototypeGetSize,
  MapPrototypeSet,
  Object,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectKeys,
  ObjectPrototypePropertyIsEnumerable,
  ObjectSetPrototypeOf,
  RegExpPrototypeExec,
  ReflectOwnKeys,
  Set,
  SetPrototypeAdd,
  SetPrototypeHas,
  String,
  StringPrototypeRepeat,
  StringPrototypeSlice,
  SymbolPrototypeToString,
  SymbolToStringTag,
} = primordials;
const { inspect, internals } = require("node/internal_inspect");
const { bigintText, escape, indentLines, numberText, quote, widthOf } = require("node/internal_inspect_text");
const { kProperties, kElement, layOut } = require("node/internal_inspect_layout");
const { describe } = require("node/internal_inspect_kinds");
const { builtInObjects, isError, plainPrefix, wellKnownPrototype } = require("node/internal_inspect_names");
const { inspectPlatformObject } = require("node/internal_inspect_platform");

const { kCustom } = internals;
const defaultOptions = internals.defaultOptions();

function plain(text) {
  return text;
}

function coloured(text, type) {
  // Looked up each time: scripts may replace the tables.
  const style = inspect.styles[type];
  const color = style === undefined ? undefined : inspect.colors[style];
  return color === undefined ? text : `\x1b[${color[0]}m${text}\x1b[${color[1]}m`;
}

function isInstance(value, Class) {
  try {
    return value instanceof Class;
  } catch {
    return false; // bound functions and classes with a throwing Symbol.hasInstance
  }
}

const kIdentifier = /^[a-zA-Z_][a-zA-Z_0-9]*$/;

class Inspector {
  showHidden = defaultOptions.showHidden;
  depth = defaultOptions.depth;
  colors = defaultOptions.colors;
  customInspect = defaultOptions.customInspect;
  showProxy = defaultOptions.showProxy;
  maxArrayLength = defaultOptions.maxArrayLength;
  maxStringLength = defaultOptions.maxStringLength;
  breakLength = defaultOptions.breakLength;
  compact = defaultOptions.compact;
  sorted = defaultOptions.sorted;
  getters = defaultOptions.getters;
  numericSeparator = defaultOptions.numericSeparator;
  stylize = plain;
  /** The caller's options, if they have keys that are not ours: custom functions get them too. */
  userOptions = undefined;
  /** Column at which the current value starts. */
  indent = 0;
  /** Depth of the innermost value printed last, for the layout. */
  currentDepth = 0;
  /** Objects on the way to the current one. */
  seen = [];
  /** Numbers of those that turned out to be part of a cycle. @type {Map<object, number> | undefined} */
  circular = undefined;
  /** Characters printed so far, by indentation; see raw(). */
  budget = { __proto__: null };

  /** Takes over options; unknown ones are kept for custom functions. */
  setOptions(options) {
    const keys = ObjectKeys(options);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (key === "stylize" || ObjectHasOwn(defaultOptions, key)) this[key] = options[key];
      else this.userOptions ??= options;
    }
  }

  /** Prints one value. */
  start(value) {
    this.prepare();
    return this.value(value, 0);
  }

  /** Readies the options, once all are set. */
  prepare() {
    if (this.colors) this.stylize = coloured;
    if (this.maxArrayLength === null) this.maxArrayLength = Infinity;
    if (this.maxStringLength === null) this.maxStringLength = Infinity;
  }

  /** True if a value at `level` is only named. */
  tooDeep(level) {
    return this.depth !== null && level > this.depth;
  }

  /** `inBuffer` is true for the buffer of a typed array, whose bytes were shown already. */
  value(value, level, inBuffer = false) {
    const type = typeof value;
    if (type !== "object" && type !== "function" && !(type === "undefined" && value !== undefined)) return this.primitive(value);
    if (value === null) return this.stylize("null", "null");
    const context = value;
    let proxies = 0;
    for (let details; (details = ops.op_proxy_details(value)) !== undefined; proxies++) {
      if (details[0] === null) return this.wrapProxies(this.stylize("<Revoked Proxy>", "special"), proxies);
      if (proxies === 0 && this.showProxy) return this.proxy(details, level);
      value = details[0];
    }
    if (this.customInspect) {
      const printed = this.custom(value, context, proxies, level);
      if (printed !== undefined) return printed;
    }
    for (let i = 0; i < this.seen.length; i++) if (this.seen[i] === value) return this.cycle(value);
    return this.wrapProxies(this.raw(value, level, inBuffer), proxies);
  }

  wrapProxies(text, count) {
    for (; count > 0; count--) text = `${this.stylize("Proxy(", "special")}${text}${this.stylize(")", "special")}`;
    return text;
  }

  proxy(details, level) {
    if (this.tooDeep(level)) return this.stylize("Proxy [Array]", "special");
    this.indent += 2;
    const output = [this.value(details[0], level + 1), this.value(details[1], level + 1)];
    this.indent -= 2;
    return layOut(this, output, "", "Proxy [", "]", 2, level + 1);
  }

  // What the value's own inspect function, or the one of platform objects, makes of it; undefined if it has none.
  custom(value, context, proxies, level) {
    const depth = this.depth === null ? null : this.depth - level;
    let result = inspectPlatformObject(this, value, context, depth);
    if (result === undefined) {
      const method = value[kCustom];
      if (typeof method !== "function" || method === inspect) return undefined;
      // A prototype that holds the function is no instance.
      const constructor = value.constructor;
      if (constructor && constructor.prototype === value) return undefined;
      const foreign = proxies !== 0 || !isInstance(context, Object);
      result = FunctionPrototypeCall(method, context, depth, this.options(foreign), inspect);
      if (result === context) return undefined;
    }
    return typeof result === "string" ? indentLines(result, this.indent) : this.value(result, level);
  }

  /** The options as custom functions get them. An object of another realm gets nothing that leads to this one. */
  options(foreign) {
    const options = {
      stylize: this.stylize,
      showHidden: this.showHidden,
      depth: this.depth,
      colors: this.colors,
      customInspect: this.customInspect,
      showProxy: this.showProxy,
      maxArrayLength: this.maxArrayLength,
      maxStringLength: this.maxStringLength,
      breakLength: this.breakLength,
      compact: this.compact,
      sorted: this.sorted,
      getters: this.getters,
      numericSeparator: this.numericSeparator,
      ...this.userOptions,
    };
    if (!foreign) return options;
    ObjectSetPrototypeOf(options, null);
    const keys = ObjectKeys(options);
    for (let i = 0; i < keys.length; i++) {
      const option = options[keys[i]];
      if ((typeof option === "object" || typeof option === "function") && option !== null) delete options[keys[i]];
    }
    options.stylize = ObjectSetPrototypeOf((text, type) => {
      try {
        return `${this.stylize(text, type)}`;
      } catch {
        return text;
      }
    }, null);
    return options;
  }

  cycle(value) {
    this.circular ??= new Map();
    let index = MapPrototypeGet(this.circular, value);
    if (index === undefined) MapPrototypeSet(this.circular, value, (index = MapPrototypeGetSize(this.circular) + 1));
    return this.stylize(`[Circular *${index}]`, "special");
  }

  primitive(value, stylize = this.stylize) {
    switch (typeof value) {
      case "string":
        return this.string(value, stylize);
      case "number":
        return stylize(numberText(value, this.numericSeparator), "number");
      case "bigint":
        return stylize(bigintText(value, this.numericSeparator), "bigint");
      case "boolean":
        return stylize(`${value}`, "boolean");
      case "undefined":
        return stylize("undefined", "undefined");
      default:
        return stylize(SymbolPrototypeToString(value), "symbol");
    }
  }

  string(text, stylize) {
    let trailer = "";
    if (text.length > this.maxStringLength) {
      const rest = text.length - this.maxStringLength;
      text = StringPrototypeSlice(text, 0, this.maxStringLength);
      trailer = `... ${rest} more character${rest > 1 ? "s" : ""}`;
    }
    if (this.compact === true || text.length <= 16 || text.length <= this.breakLength - this.indent - 4) return stylize(quote(text), "string") + trailer;
    // A long string breaks after each of its line feeds.
    const glue = ` +\n${StringPrototypeRepeat(" ", this.indent + 2)}`;
    let result = "";
    for (let start = 0, i = 0; i < text.length; i++) {
      if (text[i] !== "\n" && i !== text.length - 1) continue;
      result += `${start === 0 ? "" : glue}${stylize(quote(StringPrototypeSlice(text, start, i + 1)), "string")}`;
      start = i + 1;
    }
    return result + trailer;
  }

  // An object that is neither a proxy nor part of a cycle.
  raw(value, level, inBuffer) {
    const inherited = this.showHidden && !this.tooDeep(level) ? [] : undefined;
    const constructor = this.constructorName(value, level, inherited);
    const shape = describe(this, value, constructor, this.tagOf(value), level, inBuffer, inherited !== undefined && inherited.length !== 0);
    if (typeof shape === "string") return shape;
    if (this.tooDeep(level)) {
      const name = StringPrototypeSlice(plainPrefix(value, constructor, shape.tag), 0, -1);
      return this.stylize(constructor === null ? name : `[${name}]`, "special");
    }
    this.seen[this.seen.length] = value;
    this.currentDepth = level + 1;
    const indent = this.indent;
    let output;
    try {
      output = this.entries(value, shape, level + 1, inherited);
    } catch (error) {
      return this.interrupted(error, plainPrefix(value, constructor, shape.tag), indent);
    }
    this.markCycle(value, shape);
    this.seen.length--;
    if (this.sorted) output = this.sort(output, shape);
    const text = layOut(this, output, shape.base, shape.open, shape.close, shape.kind, level + 1, value);
    // Past 128 MiB at one indentation the rest is only named, so that the result stays below the longest string.
    const printed = (this.budget[this.indent] ?? 0) + text.length;
    this.budget[this.indent] = printed;
    if (printed > 134217728) this.depth = -1;
    return text;
  }

  entries(value, shape, level, inherited) {
    const output = shape.format === undefined ? [] : shape.format(this, value, level, shape);
    for (let i = 0; i < shape.keys.length; i++) output[output.length] = this.property(value, level, shape.keys[i], shape.kind);
    if (inherited !== undefined) for (let i = 0; i < inherited.length; i++) output[output.length] = inherited[i];
    return output;
  }

  markCycle(value, shape) {
    const index = this.circular === undefined ? undefined : MapPrototypeGet(this.circular, value);
    if (index === undefined) return;
    const reference = this.stylize(`<ref *${index}>`, "special");
    if (this.compact === true) shape.open = `${reference} ${shape.open}`;
    else shape.base = shape.base === "" ? reference : `${reference} ${shape.base}`;
  }

  sort(output, shape) {
    const compare = this.sorted === true ? undefined : this.sorted;
    if (shape.kind === kProperties) return ArrayPrototypeSort(output, compare);
    // Elements keep their order, properties of the array are sorted.
    const count = shape.keys.length;
    if (count < 2) return output;
    const first = output.length - count;
    const sorted = ArrayPrototypeSort(ArrayPrototypeSlice(output, first), compare);
    for (let i = 0; i < count; i++) output[first + i] = sorted[i];
    return output;
  }

  interrupted(error, prefix, indent) {
    if (!isError(error) || error.name !== "RangeError" || error.message !== "Maximum call stack size exceeded") {
      throw new Error(error.stack);
    }
    this.seen.length--;
    this.indent = indent;
    const name = StringPrototypeSlice(prefix, 0, -1);
    return this.stylize(`[${name}: Inspection interrupted prematurely. Maximum call stack size exceeded.]`, "special");
  }

  // Symbol.toStringTag, unless it is shown as a property anyway.
  tagOf(value) {
    const tag = value[SymbolToStringTag];
    if (typeof tag !== "string" || tag === "") return "";
    const shown = this.showHidden ? ObjectHasOwn(value, SymbolToStringTag) : ObjectPrototypePropertyIsEnumerable(value, SymbolToStringTag);
    return shown ? "" : tag;
  }

  /**
   * The name of what made `value`: the first constructor on its prototype chain of which it is an instance; null without a prototype.
   * @param {string[]} [inherited] receives what user-defined prototypes hold
   */
  constructorName(value, level, inherited) {
    let first;
    for (let object = value; object !== null; object = ObjectGetPrototypeOf(object)) {
      if (object !== value && first === undefined) first = object;
      const name = this.constructorAt(object, value);
      if (name === undefined) continue;
      if (inherited !== undefined && (first !== object || !builtInObjects[name])) this.inheritedProperties(value, first ?? value, level, inherited);
      return name;
    }
    if (first === undefined) return null;
    const made = ops.op_constructor_name(value);
    if (this.tooDeep(level)) return `${made} <Complex prototype>`;
    const above = this.constructorName(first, level + 1, inherited);
    return `${made} <${above === null ? this.barePrototype(first) : above}>`;
  }

  constructorAt(object, value) {
    const known = wellKnownPrototype(object);
    if (known !== undefined && FunctionPrototypeSymbolHasInstance(known.constructor, value)) return known.name;
    const constructor = ObjectGetOwnPropertyDescriptor(object, "constructor")?.value;
    if (typeof constructor !== "function" || constructor.name === "" || !isInstance(value, constructor)) return undefined;
    return String(constructor.name);
  }

  barePrototype(object) {
    const inspector = this.fork();
    inspector.customInspect = false;
    inspector.depth = -1;
    return inspector.start(object);
  }

  /** An Inspector with the same options that starts from the left margin. */
  fork() {
    const inspector = new Inspector();
    inspector.setOptions(this.options(false));
    return inspector;
  }

  // Data properties and accessors of up to three user-defined prototypes, for showHidden.
  inheritedProperties(value, object, level, output) {
    let above;
    let keys = [];
    for (let layer = 0; layer < 3; layer++) {
      if (layer !== 0 || value === object) {
        object = ObjectGetPrototypeOf(object);
        if (object === null) return;
        const constructor = ObjectGetOwnPropertyDescriptor(object, "constructor")?.value;
        if (typeof constructor === "function" && builtInObjects[constructor.name]) return;
      }
      if (layer === 0) above = new Set();
      else for (let i = 0; i < keys.length; i++) SetPrototypeAdd(above, keys[i]);
      keys = ReflectOwnKeys(object);
      this.seen[this.seen.length] = value;
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        if (key === "constructor" || ObjectHasOwn(value, key) || (layer !== 0 && SetPrototypeHas(above, key))) continue;
        const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
        if (typeof descriptor.value === "function") continue;
        const text = this.property(object, level, key, kProperties, descriptor, value);
        output[output.length] = this.colors ? `\x1b[2m${text}\x1b[22m` : text;
      }
      this.seen.length--;
    }
  }

  /**
   * "key: value", or the bare value of an element.
   * @param {object} holder of the property
   * @param {PropertyDescriptor} [descriptor] of it, if the caller has it
   * @param {object} [receiver] on which a getter is called
   */
  property(holder, level, key, kind, descriptor, receiver = holder) {
    descriptor ??= ObjectGetOwnPropertyDescriptor(holder, key) ?? { value: holder[key], enumerable: true };
    let text;
    let gap = " ";
    if (descriptor.value !== undefined) {
      const shift = this.compact !== true || kind !== kProperties ? 2 : 3;
      this.indent += shift;
      text = this.value(descriptor.value, level);
      if (shift === 3 && this.breakLength < widthOf(text, this.colors)) gap = `\n${StringPrototypeRepeat(" ", this.indent)}`;
      this.indent -= shift;
    } else if (descriptor.get !== undefined) {
      text = this.accessor(descriptor, receiver, level);
    } else {
      text = descriptor.set === undefined ? this.stylize("undefined", "undefined") : this.stylize("[Setter]", "special");
    }
    if (kind === kElement) return text;
    const name = this.keyText(key);
    return `${descriptor.enumerable === false ? `[${name}]` : name}:${gap}${text}`;
  }

  keyText(key) {
    if (typeof key === "symbol") return this.stylize(escape(SymbolPrototypeToString(key), false), "symbol");
    if (key === "__proto__") return "['__proto__']";
    if (typeof key === "string" && RegExpPrototypeExec(kIdentifier, key) === null) return this.stylize(quote(key), "string");
    return this.stylize(`${key}`, "name");
  }

  accessor({ get, set }, receiver, level) {
    const label = set === undefined ? "Getter" : "Getter/Setter";
    const { getters } = this;
    const wanted = getters === true || (getters === "get" && set === undefined) || (getters === "set" && set !== undefined);
    if (!wanted) return this.stylize(`[${label}]`, "special");
    const head = this.stylize(`[${label}:`, "special");
    const tail = this.stylize("]", "special");
    const { indent } = this;
    try {
      const value = FunctionPrototypeCall(get, receiver);
      this.indent = indent + 2;
      let text;
      if (value === null) text = `${head} ${this.stylize("null", "null")}${tail}`;
      else if (typeof value === "object") text = `${this.stylize(`[${label}]`, "special")} ${this.value(value, level)}`;
      else text = `${head} ${this.primitive(value)}${tail}`;
      return text;
    } catch (error) {
      return `${head} <Inspection threw (${isError(error) ? error.message : String(error)})>${tail}`;
    } finally {
      this.indent = indent;
    }
  }
}

module.exports = { Inspector };
