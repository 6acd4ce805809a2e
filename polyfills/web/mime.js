"use strict";
// MIME types, https://mimesniff.spec.whatwg.org/#understanding-mime-types

const { RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeToLowerCase } = primordials;

const kToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const kQuotable = /^[\t\x20-\x7e\x80-\xff]*$/;

const isToken = (text) => RegExpPrototypeExec(kToken, text) !== null;

function isSpace(unit) {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d;
}

function trim(text, leading) {
  let start = 0;
  let end = text.length;
  if (leading) while (start < end && isSpace(StringPrototypeCharCodeAt(text, start))) start++;
  while (end > start && isSpace(StringPrototypeCharCodeAt(text, end - 1))) end--;
  return StringPrototypeSlice(text, start, end);
}

function indexOrEnd(text, unit, from) {
  const index = StringPrototypeIndexOf(text, unit, from);
  return index < 0 ? text.length : index;
}

/**
 * https://mimesniff.spec.whatwg.org/#parse-a-mime-type
 * @param {string} input
 * @returns {{ essence: string, parameters: string[] } | undefined} parameters are flat: name, value...; undefined on failure
 */
function parse(input) {
  const text = trim(input, true);
  const slash = StringPrototypeIndexOf(text, "/");
  if (slash < 0) return undefined;
  const type = StringPrototypeSlice(text, 0, slash);
  const end = indexOrEnd(text, ";", slash + 1);
  const subtype = trim(StringPrototypeSlice(text, slash + 1, end), false);
  if (!isToken(type) || !isToken(subtype)) return undefined;
  return { essence: StringPrototypeToLowerCase(`${type}/${subtype}`), parameters: parseParameters(text, end) };
}

function parseParameters(text, position) {
  const parameters = [];
  while (position < text.length) {
    position++;
    while (position < text.length && isSpace(StringPrototypeCharCodeAt(text, position))) position++;
    const start = position;
    while (position < text.length && text[position] !== ";" && text[position] !== "=") position++;
    const name = StringPrototypeToLowerCase(StringPrototypeSlice(text, start, position));
    if (position >= text.length) break;
    if (text[position] === ";") continue;
    position++;
    let value;
    if (text[position] === '"') {
      const quoted = collectQuoted(text, position);
      value = quoted.value;
      position = indexOrEnd(text, ";", quoted.end);
    } else {
      const end = indexOrEnd(text, ";", position);
      value = trim(StringPrototypeSlice(text, position, end), false);
      position = end;
      if (value === "") continue;
    }
    if (isToken(name) && RegExpPrototypeExec(kQuotable, value) !== null && parameter(parameters, name) === undefined) {
      parameters[parameters.length] = name;
      parameters[parameters.length] = value;
    }
  }
  return parameters;
}

/** https://fetch.spec.whatwg.org/#collect-an-http-quoted-string with the extract-value flag; `position` is at the quote. */
function collectQuoted(text, position) {
  let value = "";
  for (position++; position < text.length && text[position] !== '"'; position++) {
    if (text[position] === "\\") {
      // A backslash at the end stands for itself.
      if (position + 1 < text.length) position++;
    }
    value += text[position];
  }
  return { value, end: position + 1 };
}

/** The value of a parameter, or undefined. */
function parameter(parameters, name) {
  for (let i = 0; i < parameters.length; i += 2) if (parameters[i] === name) return parameters[i + 1];
  return undefined;
}

/** https://mimesniff.spec.whatwg.org/#serialize-a-mime-type */
function serialize({ essence, parameters }) {
  let out = essence;
  for (let i = 0; i < parameters.length; i += 2) {
    const value = parameters[i + 1];
    out += `;${parameters[i]}=${isToken(value) ? value : quote(value)}`;
  }
  return out;
}

function quote(value) {
  let out = '"';
  for (let i = 0; i < value.length; i++) {
    if (value[i] === '"' || value[i] === "\\") out += "\\";
    out += value[i];
  }
  return `${out}"`;
}

/**
 * The MIME type of a Content-Type header, which may be several values combined.
 * https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
 */
function extract(contentType) {
  let charset;
  let essence;
  let found;
  const values = splitValues(contentType);
  for (let i = 0; i < values.length; i++) {
    const type = parse(values[i]);
    if (type === undefined || type.essence === "*/*") continue;
    found = type;
    const own = parameter(type.parameters, "charset");
    if (type.essence !== essence) {
      charset = own;
      essence = type.essence;
    } else if (own === undefined && charset !== undefined) {
      type.parameters[type.parameters.length] = "charset";
      type.parameters[type.parameters.length] = charset;
    }
  }
  return found;
}

// https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
function splitValues(text) {
  const values = [];
  let start = 0;
  let position = 0;
  while (position <= text.length) {
    if (position === text.length || text[position] === ",") {
      values[values.length] = StringPrototypeSlice(text, start, position);
      start = position + 1;
    } else if (text[position] === '"') {
      position = collectQuoted(text, position).end - 1;
      if (position > text.length) position = text.length;
      if (position === text.length) continue;
    }
    position++;
  }
  return values;
}

module.exports = { parse, parameter, serialize, extract, collectQuoted };
