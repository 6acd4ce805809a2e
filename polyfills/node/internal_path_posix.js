"use strict";
// path.posix, https://nodejs.org/docs/latest-v22.x/api/path.html

const { StringPrototypeCharCodeAt, StringPrototypeEndsWith, StringPrototypeSlice, StringPrototypeSplit } = primordials;
const base = require("node/internal_path");
const { isSlash, lastSegment, validateString } = base;

function startsAtRoot(path) {
  return path.length > 0 && isSlash(StringPrototypeCharCodeAt(path, 0));
}

function normalizeSegments(path, keepUp) {
  return base.normalizeSegments(path, keepUp, "/", isSlash);
}

const posix = {
  resolve(...args) {
    let joined = "";
    for (let i = args.length - 1; i >= 0 && !startsAtRoot(joined); i--) {
      validateString(args[i], `paths[${i}]`);
      if (args[i].length > 0) joined = joined === "" ? args[i] : `${args[i]}/${joined}`;
    }
    // The working directory of the reference runtime's paths is the root.
    return `/${normalizeSegments(joined, false)}`;
  },

  normalize(path) {
    validateString(path, "path");
    if (path.length === 0) return ".";
    const absolute = startsAtRoot(path);
    let result = normalizeSegments(path, !absolute);
    if (result === "") {
      if (absolute) return "/";
      return StringPrototypeEndsWith(path, "/") ? "./" : ".";
    }
    if (StringPrototypeEndsWith(path, "/")) result += "/";
    return absolute ? `/${result}` : result;
  },

  isAbsolute(path) {
    validateString(path, "path");
    return startsAtRoot(path);
  },

  join(...args) {
    let joined = "";
    for (let i = 0; i < args.length; i++) {
      validateString(args[i], "path");
      if (args[i].length > 0) joined += joined === "" ? args[i] : `/${args[i]}`;
    }
    return posix.normalize(joined);
  },

  relative(from, to) {
    validateString(from, "from");
    validateString(to, "to");
    if (from === to) return "";
    from = posix.resolve(from);
    to = posix.resolve(to);
    if (from === to) return "";
    const a = from === "/" ? [] : StringPrototypeSplit(StringPrototypeSlice(from, 1), "/");
    const b = to === "/" ? [] : StringPrototypeSplit(StringPrototypeSlice(to, 1), "/");
    let common = 0;
    while (common < a.length && common < b.length && a[common] === b[common]) common++;
    let result = "";
    for (let i = common; i < a.length; i++) result += result === "" ? ".." : "/..";
    for (let i = common; i < b.length; i++) result += result === "" ? b[i] : `/${b[i]}`;
    return result;
  },

  toNamespacedPath(path) {
    return path;
  },

  dirname(path) {
    validateString(path, "path");
    // The separator before the last segment; one at the beginning is the root.
    const end = lastSegment(path, 0, isSlash).begin - 1;
    if (end < 1) return startsAtRoot(path) ? "/" : ".";
    return end === 1 && startsAtRoot(path) ? "//" : StringPrototypeSlice(path, 0, end);
  },

  basename(path, suffix) {
    if (suffix !== undefined) validateString(suffix, "ext");
    validateString(path, "path");
    return base.basename(path, 0, suffix, isSlash);
  },

  extname(path) {
    validateString(path, "path");
    return base.extname(path, 0, isSlash);
  },

  format: base.formatter("/"),

  parse(path) {
    validateString(path, "path");
    const root = startsAtRoot(path) ? "/" : "";
    const { begin, end } = lastSegment(path, root.length, isSlash);
    const file = StringPrototypeSlice(path, begin, end);
    // Directly below the root Node does not know ".." here.
    const { name, ext } = file === ".." && root !== "" && begin === 1 ? { name: ".", ext: "." } : base.splitBase(file);
    const dir = begin > root.length ? StringPrototypeSlice(path, 0, begin - 1) : root;
    return { root, dir, base: file, ext, name };
  },

  matchesGlob(path, pattern) {
    validateString(path, "path");
    validateString(pattern, "pattern");
    return require("node/internal_glob").matchesGlob(path, pattern, false);
  },

  sep: "/",
  delimiter: ":",
  win32: null,
  posix: null,
};

module.exports = { posix };
