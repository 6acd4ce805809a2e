"use strict";
// path.matchesGlob(): whether a path matches a pattern. https://nodejs.org/docs/latest-v22.x/api/path.html#pathmatchesglobpath-pattern
// Braces, extended globs and "**"; names that begin with a dot are matched by a dot only; a backslash is a slash, and escapes nothing.
// The patterns of fs.glob() are read here, too: theirs match names with a dot as others, and a backslash escapes.

const {
  ArrayPrototypeIndexOf,
  ArrayPrototypeJoin,
  ArrayPrototypePop,
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  ArrayPrototypeSplice,
  MathMax,
  Number,
  RegExp,
  RegExpPrototypeExec,
  StringFromCharCode,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypePadStart,
  StringPrototypeReplaceAll,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  TypeError,
} = primordials;

// Expansions of the braces of a pattern; a script could ask for more than there is memory.
const kMaxPatterns = 100_000;
// Characters of a regular expression: each "!(...)" has all that follows it twice.
const kMaxSource = 1_000_000;
const kNumbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/;
const kLetters = /^([a-zA-Z])\.\.([a-zA-Z])(?:\.\.(-?\d+))?$/;
const kSpecial = ".+^$|(){}[]\\*?/";
const kAnything = "[^/]*?";
const kNoDot = "(?!\\.)";
// Stands for "**" among the parts of a pattern.
const kGlobstar = {};

// Braces.

// The parts between separators that are in no brackets of their own.
function splitTop(text, separator, open, close) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === open) depth++;
    else if (text[i] === close) depth--;
    else if (text[i] === separator && depth === 0) {
      ArrayPrototypePush(parts, StringPrototypeSlice(text, start, i));
      start = i + 1;
    }
  }
  ArrayPrototypePush(parts, StringPrototypeSlice(text, start));
  return parts;
}

function closing(text, start, open, close) {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === open) depth++;
    else if (text[i] === close && --depth === 0) return i;
  }
  return -1;
}

function isPadded(digits) {
  return RegExpPrototypeExec(/^-?0\d/, digits) !== null;
}

// "1..5..2" or "a..e" as a list.
function range(body) {
  const numbers = RegExpPrototypeExec(kNumbers, body);
  const match = numbers ?? RegExpPrototypeExec(kLetters, body);
  if (match === null) return undefined;
  const value = (text) => (numbers === null ? StringPrototypeCharCodeAt(text, 0) : Number(text));
  const from = value(match[1]);
  const to = value(match[2]);
  const step = MathMax(match[3] === undefined ? 1 : Number(StringPrototypeReplaceAll(match[3], "-", "")), 1) * (from > to ? -1 : 1);
  const width = numbers !== null && (isPadded(match[1]) || isPadded(match[2])) ? MathMax(match[1].length, match[2].length) : 0;
  const list = [];
  for (let i = from; (step > 0 ? i <= to : i >= to) && list.length < kMaxPatterns; i += step) {
    const text = numbers === null ? StringFromCharCode(i) : `${i < 0 ? -i : i}`;
    ArrayPrototypePush(list, i < 0 ? `-${StringPrototypePadStart(text, width - 1, "0")}` : StringPrototypePadStart(text, width, "0"));
  }
  return list;
}

function alternatives(body) {
  const parts = splitTop(body, ",", "{", "}");
  return parts.length > 1 ? parts : range(body);
}

/** The patterns without braces that a pattern stands for. */
function expandBraces(pattern, result = []) {
  for (let start = 0; start < pattern.length; start++) {
    if (pattern[start] === "\\") start++;
    if (pattern[start] !== "{") continue;
    const end = closing(pattern, start, "{", "}");
    const list = end === -1 ? undefined : alternatives(StringPrototypeSlice(pattern, start + 1, end));
    if (list === undefined) continue;
    const before = StringPrototypeSlice(pattern, 0, start);
    const after = StringPrototypeSlice(pattern, end + 1);
    for (let i = 0; i < list.length && result.length < kMaxPatterns; i++) expandBraces(before + list[i] + after, result);
    return result;
  }
  ArrayPrototypePush(result, pattern);
  return result;
}

// Segments.

function literal(c) {
  return StringPrototypeIncludes(kSpecial, c) ? `\\${c}` : c;
}

function inClass(c) {
  return StringPrototypeIncludes("\\]^-[", c) ? `\\${c}` : c;
}

// "[a-z]" as { source, end }; undefined if it is not closed.
function characterClass(text, start) {
  const negated = text[start + 1] === "!" || text[start + 1] === "^";
  const first = start + (negated ? 2 : 1);
  let end = first + 1;
  while (end < text.length && text[end] !== "]") end++;
  if (first >= text.length || end >= text.length) return undefined;
  let body = "";
  for (let i = first; i < end; i++) {
    const isRange = text[i + 1] === "-" && i + 2 < end;
    if (!isRange) body += inClass(text[i]);
    // One that goes backwards holds nothing.
    else if (text[i] <= text[i + 2]) body += `${inClass(text[i])}-${inClass(text[i + 2])}`;
    if (isRange) i += 2;
  }
  if (body === "") return { source: negated ? "[^/]" : "(?!)", end };
  return { source: negated ? `[^/${body}]` : `[${body}]`, end };
}

// "+(a|b)" as a regular expression; `rest` is what follows it.
function extended(kind, body, rest, atStart) {
  if (rest.length > kMaxSource) throw new TypeError("pattern is too long");
  const parts = splitTop(body, "|", "(", ")");
  for (let i = 0; i < parts.length; i++) parts[i] = translate(parts[i], atStart);
  const group = `(?:${ArrayPrototypeJoin(parts, "|")})`;
  if (kind === "!") return `${atStart ? kNoDot : ""}(?!${group}${rest}$)${kAnything}${rest}`;
  return `${group}${kind === "@" ? "" : kind}${rest}`;
}

// The source of a regular expression for a segment, or a part of one.
function translate(text, atStart) {
  if (text === "") return "";
  let result = atStart && text[0] !== "." && StringPrototypeIncludes("*?[", text[0]) && text[1] !== "(" ? kNoDot : "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "\\" && i + 1 < text.length) {
      result += literal(text[++i]);
      continue;
    }
    if (text[i + 1] === "(" && StringPrototypeIncludes("!?*+@", c)) {
      const end = closing(text, i + 1, "(", ")");
      if (end !== -1) {
        const rest = translate(StringPrototypeSlice(text, end + 1), false);
        return result + extended(c, StringPrototypeSlice(text, i + 2, end), rest, atStart && i === 0);
      }
    }
    const found = c === "[" ? characterClass(text, i) : undefined;
    if (found !== undefined) {
      result += found.source;
      i = found.end;
    } else if (c === "*") {
      while (text[i + 1] === "*" && text[i + 2] !== "(") i++;
      result += kAnything;
    } else {
      result += c === "?" ? "[^/]" : literal(c);
    }
  }
  return result;
}

// What a segment of a path must be: "**", a text, or a regular expression.
function compileSegment(text) {
  if (text === "**") return kGlobstar;
  if (RegExpPrototypeExec(/[*?[]|[!+@]\(/, text) === null) return text;
  // A name has at least one character.
  if (RegExpPrototypeExec(/^\*+$/, text) !== null) return new RegExp(`^${kNoDot}[^/]+$`);
  return new RegExp(`^${translate(text, true)}$`);
}

// Paths.

// The segments without "." and "x/..", save at the start.
function normalized(path) {
  const parts = StringPrototypeSplit(path, "/");
  for (let i = 1; i < parts.length - 1; i++) {
    if (parts[i] === "." || parts[i] === "") ArrayPrototypeSplice(parts, i--, 1);
  }
  if (parts.length === 2 && parts[0] === "." && (parts[1] === "." || parts[1] === "")) ArrayPrototypePop(parts);
  for (let up = ArrayPrototypeIndexOf(parts, "..", 1); up !== -1; up = ArrayPrototypeIndexOf(parts, "..", up)) {
    const before = parts[up - 1];
    if (before && before !== "." && before !== ".." && before !== "**") {
      ArrayPrototypeSplice(parts, up - 1, 2);
      up = MathMax(up - 1, 1);
    } else {
      up++;
    }
  }
  return parts.length === 0 ? [""] : parts;
}

function compile(pattern) {
  const parts = normalized(pattern);
  const result = [];
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] !== "**" || parts[i - 1] !== "**") ArrayPrototypePush(result, compileSegment(parts[i]));
  }
  return result;
}

function matchSegment(file, part) {
  return typeof part === "string" ? file === part : RegExpPrototypeExec(part, file) !== null;
}

function matchParts(files, parts) {
  let i = 0;
  for (; i < files.length && i < parts.length; i++) {
    if (parts[i] === kGlobstar) return matchGlobstar(files, i, ArrayPrototypeSlice(parts, i + 1));
    if (!matchSegment(files[i], parts[i])) return false;
  }
  if (i < parts.length) return false;
  // A slash at the end says that it is a folder.
  return i === files.length || (i === files.length - 1 && files[i] === "");
}

// "**" takes any number of segments that begin with no dot.
function matchGlobstar(files, start, rest) {
  for (let i = start; i < files.length; i++) {
    if (rest.length > 0 && matchParts(ArrayPrototypeSlice(files, i), rest)) return true;
    if (StringPrototypeStartsWith(files[i], ".")) return false;
  }
  return rest.length === 0;
}

/** Whether `path` matches `pattern`. */
function matchesGlob(path, pattern, windows) {
  if (pattern === "") return path === "";
  const files = normalized(windows ? StringPrototypeReplaceAll(path, "\\", "/") : path);
  const patterns = expandBraces(StringPrototypeReplaceAll(pattern, "\\", "/"));
  for (let i = 0; i < patterns.length; i++) if (matchParts(files, compile(patterns[i]))) return true;
  return false;
}

// For fs.glob().

const kMagic = /[*?[\\]|[!+@]\(/;

/** The names that a pattern without braces is made of: "**", "..", or what matchSegment() takes. */
function compileNames(pattern) {
  const parts = StringPrototypeSplit(pattern, "/");
  const result = [];
  for (let i = 0; i < parts.length; i++) {
    const text = parts[i];
    if (text === "" || text === ".") continue;
    if (text !== "**") ArrayPrototypePush(result, RegExpPrototypeExec(kMagic, text) === null ? text : new RegExp(`^${translate(text, false)}$`));
    else if (result[result.length - 1] !== kGlobstar) ArrayPrototypePush(result, kGlobstar);
  }
  return result;
}

module.exports = { compileNames, expandBraces, kGlobstar, matchSegment, matchesGlob };
