"use strict";
// The objects that handlers of an HTMLRewriter get: elements, end tags, texts, comments, doctypes, the end of the document. Each handler
// gets one of its own, which is good until the handler is done.
// https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/

const { Error, IteratorPrototype, Object, ObjectDefineProperty, ObjectSetPrototypeOf, SymbolIterator, TypeError } = primordials;
const { illegalInvocation } = require("core/errors");
const { define, illegalConstructor, isObject, kConstruct, parameterError, toUSVString } = require("core/webidl");
const { StreamContent, escapeText, kComment, kDoctype, kDocumentEnd, kElement, kEndTag, kText } = require("web/html_units");
const streams = require.lazy("web/streams_readable", "internals");
const responses = require("web/response").internals;
const { streamOf } = require("web/body_state");

const kExpired = "This content token is no longer valid. Content tokens are only valid during the execution of the relevant content handler.";
const kMutated = "The attributes of this element have been modified during iteration. You must create a new iterator after modifying attributes.";
const kOnlyText = "Replacing content in HTML comments using a ReadableStream or Response object is not implemented. You must provide a string.";

let unitOf;
let check;
let expire;
let isLive;

/** What all tokens share. It is no class that scripts can see. */
class Token {
  #unit;
  #live = true;
  constructor(token, unit, properties) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#unit = unit;
    // One by one, which V8 is faster with.
    for (let i = 0; i < properties.length; i += 2) ObjectDefineProperty(this, properties[i], properties[i + 1]);
  }
  static {
    /** Throws if a value is no token of this kind. */
    check = (value, kind) => {
      if (typeof value !== "object" || value === null || !(#unit in value) || value.#unit.kind !== kind) throw illegalInvocation();
    };
    /** The unit of a token that is good. */
    unitOf = (token) => {
      if (!token.#live) throw new TypeError(kExpired);
      return token.#unit;
    };
    expire = (token) => {
      token.#live = false;
    };
    isLive = (token) => token.#live;
  }
}

/** Gives a class of tokens its look. */
function finish(Class, name) {
  define(Class, name);
  ObjectSetPrototypeOf(Class.prototype, Object.prototype);
}

// Properties of tokens are their own, as on the reference runtime: JSON.stringify and Object.keys show them.

/** Names and descriptors of properties given as [name, get, set | undefined]. */
function properties(kind, className, list) {
  const descriptors = [];
  for (let i = 0; i < list.length; i++) {
    const { 0: name, 1: read, 2: write } = list[i];
    descriptors[2 * i] = name;
    descriptors[2 * i + 1] = {
      __proto__: null,
      get() {
        check(this, kind);
        return read(unitOf(this), this);
      },
      set(value) {
        check(this, kind);
        if (write === undefined) throw new TypeError(`Cannot assign to read only property '${name}' of object '#<${className}>'`);
        const text = toUSVString(value);
        write(unitOf(this), text);
      },
      enumerable: true,
      configurable: true,
    };
  }
  return descriptors;
}

const removed = ["removed", (unit) => unit.removed];
const setText = (unit, text) => {
  unit.text = text;
};

// Arguments.

const kContentTypes = "string or JsReadableStream or Response";

function isHtml(options, method, iface) {
  if (options === undefined || options === null) return false;
  if (!isObject(options)) throw parameterError(method, iface, 2, "ContentOptions");
  return !!options.html;
}

/**
 * Content as units keep it; undefined is no content at all, which the body of a response may be.
 * @param {IArguments} args of the method
 */
function toContent(args, method, iface) {
  if (args.length === 0) throw parameterError(method, iface, 1, kContentTypes);
  const { 0: value, 1: options } = args;
  let stream;
  if (isObject(value)) {
    if (streams.peek()?.isReadableStream(value)) stream = value;
    else if (responses.isResponse(value)) stream = streamOf(responses.stateOf(value));
  }
  if (stream === undefined) {
    const text = toUSVString(value);
    return isHtml(options, method, iface) ? text : escapeText(text);
  }
  const html = isHtml(options, method, iface);
  return stream === null ? undefined : new StreamContent(stream, html);
}

/** toContent where only text is served. */
function toTextContent(args, method, iface) {
  const content = toContent(args, method, iface);
  if (typeof content !== "string") throw new TypeError(kOnlyText);
  return content;
}

function toName(args, index, method) {
  if (args.length <= index) throw parameterError(method, "Element", index + 1, "string");
  return toUSVString(args[index]);
}

/** Does something with content to the unit of a token, unless there is none, and gives the token. */
function apply(token, content, method) {
  const unit = unitOf(token);
  if (content !== undefined) unit[method](content);
  return token;
}

// Elements.

const elementProperties = properties(kElement, "Element", [
  ["namespaceURI", (unit) => unit.namespaceURI],
  removed,
  ["attributes", (unit, token) => new AttributesIterator(kConstruct, token, unit)],
  [
    "tagName",
    (unit) => unit.tagName,
    (unit, name) => {
      unit.tagName = name;
    },
  ],
]);

class Element extends Token {
  constructor(token, unit) {
    super(token, unit, elementProperties);
  }

  getAttribute() {
    check(this, kElement);
    const name = toName(arguments, 0, "getAttribute");
    const found = unitOf(this).find(name);
    return found === undefined ? null : found.value;
  }
  hasAttribute() {
    check(this, kElement);
    const name = toName(arguments, 0, "hasAttribute");
    return unitOf(this).find(name) !== undefined;
  }
  setAttribute() {
    check(this, kElement);
    const name = toName(arguments, 0, "setAttribute");
    const value = toName(arguments, 1, "setAttribute");
    unitOf(this).setAttribute(name, value);
    return this;
  }
  removeAttribute() {
    check(this, kElement);
    const name = toName(arguments, 0, "removeAttribute");
    unitOf(this).removeAttribute(name);
    return this;
  }
  before() {
    check(this, kElement);
    return apply(this, toContent(arguments, "before", "Element"), "before");
  }
  after() {
    check(this, kElement);
    return apply(this, toContent(arguments, "after", "Element"), "after");
  }
  prepend() {
    check(this, kElement);
    return apply(this, toContent(arguments, "prepend", "Element"), "prepend");
  }
  append() {
    check(this, kElement);
    return apply(this, toContent(arguments, "append", "Element"), "append");
  }
  replace() {
    check(this, kElement);
    return apply(this, toContent(arguments, "replace", "Element"), "replace");
  }
  remove() {
    check(this, kElement);
    unitOf(this).remove();
    return this;
  }
  removeAndKeepContent() {
    check(this, kElement);
    unitOf(this).removeAndKeepContent();
    return this;
  }
  setInnerContent() {
    check(this, kElement);
    return apply(this, toContent(arguments, "setInnerContent", "Element"), "setInnerContent");
  }
  onEndTag(handler) {
    check(this, kElement);
    if (typeof handler !== "function") throw parameterError("onEndTag", "Element", 1, "function");
    unitOf(this).onEndTag(handler);
  }
}
finish(Element, "Element");

class AttributesIterator {
  #element;
  #list;
  #version;
  #unit;
  #at = 0;
  constructor(token, element, unit) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#element = element;
    this.#unit = unit;
    this.#list = unit.attributes();
    this.#version = unit.version;
  }
  next() {
    if (typeof this !== "object" || this === null || !(#unit in this)) throw illegalInvocation();
    if (!isLive(this.#element)) throw new TypeError(kExpired);
    if (this.#version !== this.#unit.version) throw new Error(kMutated);
    if (this.#at >= this.#list.length) return { done: true, value: undefined };
    const { name, value } = this.#list[this.#at++];
    return { done: false, value: [name, value] };
  }
  [SymbolIterator]() {
    return this;
  }
}
define(AttributesIterator, "AttributesIterator");
ObjectSetPrototypeOf(AttributesIterator.prototype, IteratorPrototype);

const endTagProperties = properties(kEndTag, "EndTag", [
  [
    "name",
    (unit) => unit.name,
    (unit, name) => {
      unit.name = name;
    },
  ],
]);

class EndTag extends Token {
  constructor(token, unit) {
    super(token, unit, endTagProperties);
  }
  before() {
    check(this, kEndTag);
    return apply(this, toContent(arguments, "before", "EndTag"), "before");
  }
  after() {
    check(this, kEndTag);
    return apply(this, toContent(arguments, "after", "EndTag"), "after");
  }
  remove() {
    check(this, kEndTag);
    unitOf(this).remove();
    return this;
  }
}
finish(EndTag, "EndTag");

// What is no element.

const textProperties = properties(kText, "Text", [removed, ["lastInTextNode", (unit) => unit.lastInTextNode], ["text", (unit) => unit.text]]);

class Text extends Token {
  constructor(token, unit) {
    super(token, unit, textProperties);
  }
  before() {
    check(this, kText);
    return apply(this, toContent(arguments, "before", "Text"), "before");
  }
  after() {
    check(this, kText);
    return apply(this, toContent(arguments, "after", "Text"), "after");
  }
  replace() {
    check(this, kText);
    return apply(this, toContent(arguments, "replace", "Text"), "replace");
  }
  remove() {
    check(this, kText);
    unitOf(this).remove();
    return this;
  }
}
finish(Text, "Text");

const commentProperties = properties(kComment, "Comment", [removed, ["text", (unit) => unit.text, setText]]);

class Comment extends Token {
  constructor(token, unit) {
    super(token, unit, commentProperties);
  }
  before() {
    check(this, kComment);
    return apply(this, toTextContent(arguments, "before", "Comment"), "before");
  }
  after() {
    check(this, kComment);
    return apply(this, toTextContent(arguments, "after", "Comment"), "after");
  }
  replace() {
    check(this, kComment);
    return apply(this, toTextContent(arguments, "replace", "Comment"), "replace");
  }
  remove() {
    check(this, kComment);
    unitOf(this).remove();
    return this;
  }
}
finish(Comment, "Comment");

const doctypeProperties = properties(kDoctype, "Doctype", [
  ["systemId", (unit) => unit.systemId],
  ["publicId", (unit) => unit.publicId],
  ["name", (unit) => unit.name],
]);

class Doctype extends Token {
  constructor(token, unit) {
    super(token, unit, doctypeProperties);
  }
}
finish(Doctype, "Doctype");

const noProperties = [];

class DocumentEnd extends Token {
  constructor(token, unit) {
    super(token, unit, noProperties);
  }
  append() {
    check(this, kDocumentEnd);
    return apply(this, toTextContent(arguments, "append", "DocumentEnd"), "before");
  }
}
finish(DocumentEnd, "DocumentEnd");

const classes = [];
classes[kElement] = Element;
classes[kEndTag] = EndTag;
classes[kText] = Text;
classes[kComment] = Comment;
classes[kDoctype] = Doctype;
classes[kDocumentEnd] = DocumentEnd;

/** A new object for a unit. */
function makeToken(unit) {
  return new classes[unit.kind](kConstruct, unit);
}

module.exports = { makeToken, expire };
