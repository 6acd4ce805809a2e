"use strict";
// HTMLRewriter: handlers for what selectors find in a document, run while it streams.
// https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/

const { ArrayPrototypePush, TypeError } = primordials;
const { requireContext } = require("core/context");
const { illegalInvocation } = require("core/errors");
const { define, fieldError, isObject, parameterError, toUSVString } = require("core/webidl");
const { state } = require("core/worker");
const { contentTypeOf, streamOf } = require("web/body_state");
const { Response, internals: responses } = require("web/response");
const { Registration } = require("web/html_handlers");
const { Transform } = require("web/html_transform");
const streams = require("web/streams_readable").internals;
const mime = require("web/mime");

const kLocked = "The ReadableStream has been locked to a reader.";

/** A member of a dictionary of handlers. */
function handlerMember(object, name, dictionary) {
  const value = object[name];
  if (value !== undefined && typeof value !== "function") throw fieldError(name, dictionary, "function");
  return value;
}

/** The encoding that the Content-Type of a response names, whose state is given; undefined is UTF-8. */
function encodingOf(response) {
  const contentType = contentTypeOf(response);
  if (contentType === null) return undefined;
  const type = mime.parse(contentType);
  const label = type === undefined ? undefined : mime.parameter(type.parameters, "charset");
  return label === "utf-8" || label === "UTF-8" || label === "utf8" ? undefined : label;
}

class HTMLRewriter {
  /** @type {Registration[]} those of selectors */
  #elements = [];
  /** @type {Registration[]} those of the document */
  #documents = [];

  on(selector, handlers) {
    if (!isObject(this) || !(#elements in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("on", "HTMLRewriter", 1, "string");
    const text = toUSVString(selector);
    if (arguments.length === 1) throw parameterError("on", "HTMLRewriter", 2, "ElementContentHandlers");
    const made = new Registration(text, handlers);
    if (handlers !== undefined && handlers !== null) {
      if (!isObject(handlers)) throw parameterError("on", "HTMLRewriter", 2, "ElementContentHandlers");
      made.element = handlerMember(handlers, "element", "ElementContentHandlers");
      made.comments = handlerMember(handlers, "comments", "ElementContentHandlers");
      made.text = handlerMember(handlers, "text", "ElementContentHandlers");
    }
    ops.op_html_selector(text);
    ArrayPrototypePush(this.#elements, made);
    return this;
  }

  onDocument(handlers) {
    if (!isObject(this) || !(#elements in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("onDocument", "HTMLRewriter", 1, "DocumentContentHandlers");
    const made = new Registration(null, handlers);
    if (handlers !== undefined && handlers !== null) {
      if (!isObject(handlers)) throw parameterError("onDocument", "HTMLRewriter", 1, "DocumentContentHandlers");
      made.doctype = handlerMember(handlers, "doctype", "DocumentContentHandlers");
      made.comments = handlerMember(handlers, "comments", "DocumentContentHandlers");
      made.text = handlerMember(handlers, "text", "DocumentContentHandlers");
      made.end = handlerMember(handlers, "end", "DocumentContentHandlers");
    }
    ArrayPrototypePush(this.#documents, made);
    return this;
  }

  transform(response) {
    if (!isObject(this) || !(#elements in this)) throw illegalInvocation();
    if (!isObject(response) || !responses.isResponse(response)) throw parameterError("transform", "HTMLRewriter", 1, "Response");
    const own = responses.stateOf(response);
    if (own.type === "error") throw new TypeError("HTMLRewriter cannot transform an error response");
    if (own.body === null) return response;
    const context = requireContext();
    const transform = new Transform(context, encodingOf(own), this.#elements, this.#documents);
    const answer = new Response(streams.createReadableStream(transform), response);
    transform.open(state.flags.html_rewriter_treats_esi_include_as_void_tag === true);
    const source = streamOf(own);
    if (streams.isLocked(source)) {
      transform.closeDocument();
      throw new TypeError(kLocked);
    }
    transform.start(streams.acquireReader(source));
    return answer;
  }
}
define(HTMLRewriter, "HTMLRewriter");

module.exports = { HTMLRewriter };
