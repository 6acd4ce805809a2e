"use strict";
// What handlers of an HTMLRewriter change: one unit for each token that is handed to them, shared by the objects that the handlers see.
// A unit knows how it is written in the end; untouched ones are not written at all, their bytes are passed on.

const { ArrayPrototypePush, ArrayPrototypeUnshift, RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeIncludes, StringPrototypeReplaceAll, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToWellFormed, TypeError } = primordials;

const kElement = 0;
const kEndTag = 1;
const kText = 2;
const kComment = 3;
const kDoctype = 4;
const kDocumentEnd = 5;

// Flags of rewriter.Batch.
const kContent = 1;
const kSelfClosing = 2;
const kSVG = 4;
const kMathML = 8;

function parserError(text) {
  return new TypeError(`Parser error: ${text}`);
}

/** Content that is still to be read. */
class StreamContent {
  stream;
  isHtml;
  constructor(stream, isHtml) {
    this.stream = stream;
    this.isHtml = isHtml;
  }
}

const kSpecial = /[&<>]/;

/** Text as markup. */
function escapeText(text) {
  if (RegExpPrototypeExec(kSpecial, text) === null) return text;
  return StringPrototypeReplaceAll(StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
}

/** A list of content that may not be there yet. */
function append(list, item) {
  if (list === undefined) return [item];
  ArrayPrototypePush(list, item);
  return list;
}

function prepend(list, item) {
  if (list === undefined) return [item];
  ArrayPrototypeUnshift(list, item);
  return list;
}

/** Adds the items of a list to the queue of what is to be written. */
function enqueue(queue, list) {
  if (list === undefined) return;
  for (let i = 0; i < list.length; i++) queue[queue.length] = list[i];
}

/** What can be done to any token. */
class Unit {
  /** Whether it is to be written; else its bytes are passed on. */
  touched = false;
  removed = false;
  contentBefore;
  contentAfter;
  replacement;

  before(item) {
    this.touched = true;
    this.contentBefore = append(this.contentBefore, item);
  }
  after(item) {
    this.touched = true;
    this.contentAfter = prepend(this.contentAfter, item);
  }
  replace(item) {
    this.touched = true;
    this.removed = true;
    this.replacement = item === undefined ? undefined : [item];
  }
  remove() {
    this.touched = true;
    this.removed = true;
  }

  /** Adds what it has become to the queue: strings, bytes and StreamContent. */
  write(queue) {
    enqueue(queue, this.contentBefore);
    if (this.removed) enqueue(queue, this.replacement);
    else this.writeSelf(queue);
    enqueue(queue, this.contentAfter);
  }
}

// Names that scripts give; the characters are those that would end the name.

const kTagNameEnd = /[ \n\r\t\f/>]/;
const kAttributeNameEnd = /[ \n\r\t\f/>=]/;

/** Whether a document of this encoding, undefined for UTF-8, can have the text. */
function isEncodable(text, encoding) {
  return encoding === undefined || ops.op_html_encode(encoding, text, true) !== null;
}

function checkTagName(name, encoding) {
  if (name === "") throw parserError("Tag name can't be empty.");
  const first = StringPrototypeCharCodeAt(name, 0) | 0x20;
  if (first < 0x61 || first > 0x7a) throw parserError("The first character of the tag name should be an ASCII alphabetical character.");
  const end = RegExpPrototypeExec(kTagNameEnd, name);
  if (end !== null) throw parserError(`\`${end[0]}\` character is forbidden in the tag name`);
  if (!isEncodable(name, encoding)) throw parserError("The tag name contains a character that can't be represented in the document's character encoding.");
}

function isAttributeName(name, encoding) {
  return name !== "" && RegExpPrototypeExec(kAttributeNameEnd, name) === null && isEncodable(name, encoding);
}

function checkAttributeName(name, encoding) {
  if (name === "") throw parserError("Attribute name can't be empty.");
  const end = RegExpPrototypeExec(kAttributeNameEnd, name);
  if (end !== null) throw parserError(`\`${end[0]}\` character is forbidden in the attribute name`);
  if (!isEncodable(name, encoding)) throw parserError("The attribute name contains a character that can't be represented in the document's character encoding.");
}

const kUpper = /[A-Z]/;

/** The letters of ASCII in lower case. */
function lower(text) {
  if (RegExpPrototypeExec(kUpper, text) === null) return text;
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    out += unit >= 0x41 && unit <= 0x5a ? kLetters[unit - 0x41] : text[i];
  }
  return out;
}

const kLetters = "abcdefghijklmnopqrstuvwxyz";

/** An attribute, and the range of bytes that it is written in: none, with an end of 0, once it is changed. */
class Attribute {
  name;
  value;
  start;
  end;
  constructor(name, value, start, end) {
    this.name = name;
    this.value = value;
    this.start = start;
    this.end = end;
  }
}

/** A start tag, and what is to become of its end tag. */
class ElementUnit extends Unit {
  kind = kElement;
  encoding;
  #input;
  #start;
  #end;
  #name;
  #nameLength;
  #renamed;
  #flags;
  #selfClosing;
  #changed = false;
  /** @type {Attribute[] | undefined} made when a handler asks */
  #attributes;
  #events;
  #at;
  #text;
  #textAt;
  /** Counts the changes of attributes, which end their iterators. */
  version = 0;
  /** Whether what is within it is not written. */
  removesContent = false;
  // Of the end tag.
  endName;
  endHandler;
  /** Whether any of the following was touched. */
  endTouched = false;
  endRemoved = false;
  endBefore;
  endAfter;

  /**
   * @param {string | undefined} encoding of the document
   * @param {import("./html_buffers").InputBuffer} input whose piece the ranges are of
   * @param {number} start of the tag, which ends at `end`
   * @param {number} nameLength in bytes
   * @param {number} at position of the number of attributes in `events`
   * @param {number} textAt position of the attributes in `text`
   */
  constructor(encoding, input, start, end, name, nameLength, flags, events, at, text, textAt) {
    super();
    this.encoding = encoding;
    this.#input = input;
    this.#start = start;
    this.#end = end;
    this.#name = name;
    this.#nameLength = nameLength;
    this.#flags = flags;
    this.#selfClosing = (flags & kSelfClosing) !== 0;
    this.#events = events;
    this.#at = at;
    this.#text = text;
    this.#textAt = textAt;
  }

  get hasContent() {
    return (this.#flags & kContent) !== 0;
  }

  get tagName() {
    return this.#renamed === undefined ? this.#name : lower(this.#renamed);
  }
  set tagName(name) {
    checkTagName(name, this.encoding);
    if (this.hasContent) this.endName = name;
    this.#renamed = name;
    this.#change();
  }

  get namespaceURI() {
    if ((this.#flags & kSVG) !== 0) return "http://www.w3.org/2000/svg";
    if ((this.#flags & kMathML) !== 0) return "http://www.w3.org/1998/Math/MathML";
    return "http://www.w3.org/1999/xhtml";
  }

  #change() {
    this.touched = true;
    this.#changed = true;
  }

  // Attributes.

  attributes() {
    const known = this.#attributes;
    if (known !== undefined) return known;
    const list = [];
    const events = this.#events;
    let at = this.#at + 2;
    let textAt = this.#textAt;
    for (let n = events[this.#at]; n > 0; n--) {
      const nameEnd = textAt + events[at];
      const valueEnd = nameEnd + events[at + 1];
      const name = StringPrototypeSlice(this.#text, textAt, nameEnd);
      list[list.length] = new Attribute(name, StringPrototypeSlice(this.#text, nameEnd, valueEnd), events[at + 2], events[at + 3]);
      textAt = valueEnd;
      at += 4;
    }
    this.#attributes = list;
    return list;
  }

  /** The first attribute of a name, or undefined. */
  find(name) {
    if (!isAttributeName(name, this.encoding)) return undefined;
    const key = lower(name);
    const list = this.attributes();
    for (let i = 0; i < list.length; i++) if (list[i].name === key) return list[i];
    return undefined;
  }

  setAttribute(name, value) {
    checkAttributeName(name, this.encoding);
    this.version++;
    this.#change();
    const found = this.find(name);
    if (found === undefined) {
      ArrayPrototypePush(this.attributes(), new Attribute(lower(name), value, 0, 0));
      return;
    }
    found.value = value;
    found.end = 0;
  }

  removeAttribute(name) {
    this.version++;
    if (this.find(name) === undefined) return;
    this.#change();
    const key = lower(name);
    const old = this.attributes();
    const list = [];
    for (let i = 0; i < old.length; i++) if (old[i].name !== key) list[list.length] = old[i];
    this.#attributes = list;
  }

  // Content.

  after(item) {
    if (!this.hasContent) {
      super.after(item);
      return;
    }
    this.endTouched = true;
    this.endAfter = prepend(this.endAfter, item);
  }

  prepend(item) {
    if (!this.hasContent) return;
    this.#selfClosing = false;
    super.after(item);
  }

  append(item) {
    if (!this.hasContent) return;
    this.#selfClosing = false;
    this.endTouched = true;
    this.endBefore = append(this.endBefore, item);
  }

  setInnerContent(item) {
    if (!this.hasContent) return;
    this.#selfClosing = false;
    this.#removeContent();
    super.after(item);
  }

  replace(item) {
    super.replace(item);
    this.#removeAll();
  }

  remove() {
    super.remove();
    this.#removeAll();
  }

  removeAndKeepContent() {
    super.remove();
    if (!this.hasContent) return;
    this.endTouched = true;
    this.endRemoved = true;
  }

  #removeAll() {
    if (!this.hasContent) return;
    this.#removeContent();
    this.endTouched = true;
    this.endRemoved = true;
  }

  #removeContent() {
    this.touched = true;
    this.contentAfter = undefined;
    this.endBefore = undefined;
    this.removesContent = true;
  }

  onEndTag(handler) {
    if (!this.hasContent) throw parserError("No end tag.");
    this.endHandler = handler;
  }

  /** Whether its end tag is more than bytes. */
  get wantsEnd() {
    return this.endTouched || this.endHandler !== undefined || this.endName !== undefined;
  }

  // Writing.

  writeSelf(queue) {
    if (!this.#changed) {
      queue[queue.length] = this.#input.range(this.#start, this.#end);
      return;
    }
    if (this.#renamed === undefined) queue[queue.length] = this.#input.range(this.#start, this.#start + 1 + this.#nameLength);
    else queue[queue.length] = `<${this.#renamed}`;
    const list = this.attributes();
    for (let i = 0; i < list.length; i++) {
      const { name, value, start, end } = list[i];
      queue[queue.length] = " ";
      queue[queue.length] = end === 0 ? `${name}="${StringPrototypeReplaceAll(value, '"', "&quot;")}"` : this.#input.range(start, end);
    }
    queue[queue.length] = !this.#selfClosing ? ">" : list.length > 0 ? " />" : "/>";
  }
}

/** An end tag. What its element's handlers have asked for is brought in by adopt(). */
class EndTagUnit extends Unit {
  kind = kEndTag;
  #name;
  #input;
  #start;
  #end;
  #renamed;
  constructor(name, input, start, end) {
    super();
    this.#name = name;
    this.#input = input;
    this.#start = start;
    this.#end = end;
  }

  get name() {
    return this.#renamed === undefined ? this.#name : lower(this.#renamed);
  }
  set name(name) {
    this.touched = true;
    this.#renamed = name;
  }

  /** Takes over what is to become of the end tag of an element, in the place of what there was for one within it. */
  adopt(element) {
    if (element.endName !== undefined) this.name = element.endName;
    if (!element.endTouched) return;
    this.touched = true;
    this.removed = element.endRemoved;
    this.replacement = undefined;
    this.contentBefore = element.endBefore;
    this.contentAfter = element.endAfter;
  }

  writeSelf(queue) {
    queue[queue.length] = this.#renamed === undefined ? this.#input.range(this.#start, this.#end) : `</${this.#renamed}>`;
  }
}

class TextUnit extends Unit {
  kind = kText;
  text;
  lastInTextNode;
  constructor(text, lastInTextNode, exact) {
    super();
    this.text = text;
    this.lastInTextNode = lastInTextNode;
    // The text is not what the bytes say, if they were malformed or are those of a character that is not complete.
    this.touched = !exact;
  }
  writeSelf(queue) {
    queue[queue.length] = this.text;
  }
}

class CommentUnit extends Unit {
  kind = kComment;
  encoding;
  #text;
  #input;
  #start;
  #end;
  #changed = false;
  constructor(encoding, text, input, start, end) {
    super();
    this.encoding = encoding;
    this.#text = text;
    this.#input = input;
    this.#start = start;
    this.#end = end;
  }
  get text() {
    return this.#text;
  }
  set text(text) {
    if (StringPrototypeIncludes(text, "-->") || StringPrototypeIncludes(text, "--!>") || StringPrototypeStartsWith(text, ">") || StringPrototypeStartsWith(text, "->")) {
      throw parserError("Comment text shouldn't contain a comment-closing sequence.");
    }
    if (!isEncodable(text, this.encoding)) throw parserError("Comment text contains a character that can't be represented in the document's character encoding.");
    this.#text = StringPrototypeToWellFormed(text);
    this.touched = true;
    this.#changed = true;
  }
  writeSelf(queue) {
    queue[queue.length] = this.#changed ? `<!--${this.#text}-->` : this.#input.range(this.#start, this.#end);
  }
}

class DoctypeUnit extends Unit {
  kind = kDoctype;
  name;
  publicId;
  systemId;
  constructor(name, publicId, systemId) {
    super();
    this.name = name;
    this.publicId = publicId;
    this.systemId = systemId;
  }
}

/** The end of the document. */
class DocumentEndUnit extends Unit {
  kind = kDocumentEnd;
  writeSelf() {}
}

module.exports = {
  CommentUnit,
  DoctypeUnit,
  DocumentEndUnit,
  ElementUnit,
  EndTagUnit,
  StreamContent,
  TextUnit,
  escapeText,
  kComment,
  kDoctype,
  kDocumentEnd,
  kElement,
  kEndTag,
  kText,
  parserError,
};
