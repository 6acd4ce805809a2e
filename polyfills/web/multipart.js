"use strict";
// multipart/form-data, https://html.spec.whatwg.org/#multipart-form-data and RFC 7578, written and read as the reference runtime does.

const {
  DateNow,
  NumberPrototypeToString,
  RegExpPrototypeExec,
  StringPrototypeCharCodeAt,
  StringPrototypeEndsWith,
  StringPrototypeIndexOf,
  StringPrototypePadStart,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
  StringPrototypeTrim,
  TypeError,
  TypedArrayPrototypeSet,
  Uint8Array,
} = primordials;
const { createFile, dataOf } = require("web/blob").internals;

// Writing.

/** 32 hexadecimal digits that no entry contains but by chance. */
function makeBoundary() {
  const random = new Uint8Array(16);
  ops.op_random_fill(random);
  let out = "";
  for (let i = 0; i < 16; i++) out += StringPrototypePadStart(NumberPrototypeToString(random[i], 16), 2, "0");
  return out;
}

// The reference runtime leaves a carriage return alone, and doubles backslashes.
function escapeName(text) {
  if (StringPrototypeEndsWith(text, "\\")) throw new TypeError("Name or filename can't end with backslash");
  let out = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    if (unit !== 0x22 && unit !== 0x0a && unit !== 0x5c) continue;
    out += StringPrototypeSlice(text, from, i) + (unit === 0x22 ? "%22" : unit === 0x0a ? "%0A" : "\\\\");
    from = i + 1;
  }
  return from === 0 ? text : out + StringPrototypeSlice(text, from);
}

/**
 * Serialises an entry list.
 * @param {any[]} entries flat: name, text or File, ...
 * @returns {{ body: string | Uint8Array, boundary: string }}
 */
function encode(entries) {
  const boundary = makeBoundary();
  const pieces = [];
  let text = "";
  for (let i = 0; i < entries.length; i += 2) {
    const value = entries[i + 1];
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(entries[i])}"`;
    if (typeof value === "string") {
      text += `\r\n\r\n${value}\r\n`;
      continue;
    }
    const { bytes, name, type } = dataOf(value);
    text += `; filename="${escapeName(name)}"\r\nContent-Type: ${type === "" ? "application/octet-stream" : type}\r\n\r\n`;
    pieces[pieces.length] = ops.op_utf8_encode(text);
    pieces[pieces.length] = bytes;
    text = "\r\n";
  }
  text += `--${boundary}--\r\n`;
  if (pieces.length === 0) return { body: text, boundary };
  pieces[pieces.length] = ops.op_utf8_encode(text);
  return { body: join(pieces), boundary };
}

function join(pieces) {
  let size = 0;
  for (let i = 0; i < pieces.length; i++) size += pieces[i].length;
  const out = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < pieces.length; i++) {
    TypedArrayPrototypeSet(out, pieces[i], at);
    at += pieces[i].length;
  }
  return out;
}

// Reading. The text has one unit for each byte, so that positions are bytes and file contents survive.

/** Text of the body as UTF-8. */
function decode(text) {
  return ops.op_utf8_decode(ops.op_latin1_encode(text), false);
}

/** The position after the line end at `at`, or -1 if there is none. */
function afterLineEnd(text, at) {
  if (text[at] === "\n") return at + 1;
  return text[at] === "\r" && text[at + 1] === "\n" ? at + 2 : -1;
}

/**
 * Parses a body.
 * @param {Uint8Array} bytes
 * @param {string} boundary
 * @returns {any[]} an entry list
 */
function parse(bytes, boundary) {
  const text = ops.op_latin1_decode(bytes);
  const delimiter = `--${ops.op_latin1_decode(ops.op_utf8_encode(boundary))}`;
  const entries = [];
  const first = StringPrototypeIndexOf(text, delimiter);
  if (first < 0 || first + delimiter.length >= text.length) throw new TypeError("No initial boundary string (or you have a truncated message).");
  for (let at = first + delimiter.length; !StringPrototypeStartsWith(text, "--", at); ) {
    const start = afterLineEnd(text, at);
    if (start < 0) throw new TypeError("Boundary string was not succeeded by CRLF, LF, or '--'.");
    const head = parseHead(text, start);
    const end = findEnd(text, delimiter, head.end);
    entries[entries.length] = head.name;
    entries[entries.length] = makeValue(head, StringPrototypeSlice(text, head.end, end.content));
    at = end.next;
  }
  return entries;
}

/** Where a part's content ends, and where the text after its delimiter starts. */
function findEnd(text, delimiter, from) {
  const at = StringPrototypeIndexOf(text, `\n${delimiter}`, from);
  if (at < 0) throw new TypeError("No subsequent boundary string after multipart message.");
  return { content: at > from && text[at - 1] === "\r" ? at - 1 : at, next: at + 1 + delimiter.length };
}

function makeValue(head, content) {
  if (head.filename === undefined) return decode(content);
  return createFile(ops.op_latin1_encode(content), head.filename, head.type, DateNow());
}

const kHeadEnd = /\r?\n\r?\n/g;
const kLineEnd = /\r?\n/g;

/** Name, file name and type of the part whose header starts at `start`; `end` is where its content starts. */
function parseHead(text, start) {
  kHeadEnd.lastIndex = start;
  const found = RegExpPrototypeExec(kHeadEnd, text);
  if (found === null) throw new TypeError("No multipart message header termination found.");
  const head = { name: undefined, filename: undefined, type: "", end: found.index + found[0].length };
  const lines = StringPrototypeSlice(text, start, found.index);
  for (let from = 0; from < lines.length; ) {
    kLineEnd.lastIndex = from;
    const stop = RegExpPrototypeExec(kLineEnd, lines);
    const line = StringPrototypeSlice(lines, from, stop === null ? lines.length : stop.index);
    from = stop === null ? lines.length : stop.index + stop[0].length;
    const colon = StringPrototypeIndexOf(line, ":");
    if (colon < 0) continue;
    const name = StringPrototypeToLowerCase(StringPrototypeSlice(line, 0, colon));
    const value = decode(StringPrototypeTrim(StringPrototypeSlice(line, colon + 1)));
    if (name === "content-disposition") parseDisposition(value, head);
    else if (name === "content-type") head.type = value;
  }
  if (head.name === undefined) throw new TypeError("Content-Disposition header in FormData part is missing a name.");
  return head;
}

// ; name="value", where a backslash stands for what follows it.
const kParameter = /;[ \t]*([^\s"=;]+)[ \t]*=[ \t]*"((?:\\[^\n]|[^"\n\\])*)"/g;

function parseDisposition(value, head) {
  const semicolon = StringPrototypeIndexOf(value, ";");
  const kind = StringPrototypeTrim(semicolon < 0 ? value : StringPrototypeSlice(value, 0, semicolon));
  if (kind !== "form-data") {
    throw new TypeError(`Content-Disposition header for FormData part must have the value "form-data", possibly followed by parameters. Got: "${kind}"`);
  }
  kParameter.lastIndex = 0;
  for (let found = RegExpPrototypeExec(kParameter, value); found !== null; found = RegExpPrototypeExec(kParameter, value)) {
    const text = unescape(found[2]);
    if (found[1] === "name") head.name = text;
    else if (found[1] === "filename" && text !== "") head.filename = text;
  }
}

function unescape(text) {
  let out = "";
  let from = 0;
  for (let at = StringPrototypeIndexOf(text, "\\"); at >= 0; at = StringPrototypeIndexOf(text, "\\", from)) {
    out += StringPrototypeSlice(text, from, at) + text[at + 1];
    from = at + 2;
  }
  return from === 0 ? text : out + StringPrototypeSlice(text, from);
}

module.exports = { encode, parse };
