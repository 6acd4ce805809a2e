"use strict";
// What both kinds of paths share. https://nodejs.org/docs/latest-v22.x/api/path.html

const { ArrayPrototypeJoin, ArrayPrototypePop, FunctionPrototypeBind, StringPrototypeCharCodeAt, StringPrototypeSlice } = primordials;
const { validateObject, validateString } = require("node/internal_validators");

const kSlash = 0x2f;
const kBackslash = 0x5c;
const kDot = 0x2e;

function isSlash(code) {
  return code === kSlash;
}

function isEitherSlash(code) {
  return code === kSlash || code === kBackslash;
}

/**
 * Takes "." and ".." out of a path without its root.
 * @param {string} path
 * @param {boolean} keepUp whether ".." that lead above the beginning stay
 * @param {string} separator of the result
 * @param {(code: number) => boolean} isSeparator
 */
function normalizeSegments(path, keepUp, separator, isSeparator) {
  const kept = [];
  let from = 0;
  for (let i = 0; i <= path.length; i++) {
    if (i < path.length && !isSeparator(StringPrototypeCharCodeAt(path, i))) continue;
    const segment = StringPrototypeSlice(path, from, i);
    from = i + 1;
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") kept[kept.length] = segment;
    else if (kept.length > 0 && kept[kept.length - 1] !== "..") ArrayPrototypePop(kept);
    else if (keepUp) kept[kept.length] = segment;
  }
  return ArrayPrototypeJoin(kept, separator);
}

/** Where the last segment begins and ends, without separators behind it; begin < 0 if there is none from `root` on. */
function lastSegment(path, root, isSeparator) {
  let end = path.length;
  while (end > root && isSeparator(StringPrototypeCharCodeAt(path, end - 1))) end--;
  let begin = end;
  while (begin > root && !isSeparator(StringPrototypeCharCodeAt(path, begin - 1))) begin--;
  return { begin, end };
}

/** Position of the dot before the extension of a last segment; -1 if it has none. */
function dotOf(segment) {
  if (segment === "..") return -1;
  for (let i = segment.length - 1; i > 0; i--) if (StringPrototypeCharCodeAt(segment, i) === kDot) return i;
  return -1;
}

/**
 * The last segment of what follows `root`, without `suffix`, unless it is nothing else. Two oddities are Node's: with a suffix, a path
 * of separators is its own base, and a path that is the suffix has none.
 */
function basename(path, root, suffix, isSeparator) {
  const { begin, end } = lastSegment(path, root, isSeparator);
  const base = StringPrototypeSlice(path, begin, end);
  if (!suffix || suffix.length > path.length) return base;
  if (suffix === path) return "";
  if (base === "") return StringPrototypeSlice(path, root);
  const length = base.length - suffix.length;
  return length <= 0 || StringPrototypeSlice(base, length) !== suffix ? base : StringPrototypeSlice(base, 0, length);
}

/** The extension of the last segment, with its dot; "" if it has none. */
function extname(path, root, isSeparator) {
  const { begin, end } = lastSegment(path, root, isSeparator);
  const segment = StringPrototypeSlice(path, begin, end);
  const dot = dotOf(segment);
  return dot < 0 ? "" : StringPrototypeSlice(segment, dot);
}

/** { name, ext } of a last segment. */
function splitBase(base) {
  const dot = dotOf(base);
  return dot < 0 ? { name: base, ext: "" } : { name: StringPrototypeSlice(base, 0, dot), ext: StringPrototypeSlice(base, dot) };
}

function formatExt(ext) {
  return ext ? `${ext[0] === "." ? "" : "."}${ext}` : "";
}

/** path.format of a kind of paths. */
function formatter(separator) {
  const _format = (() =>
    function _format(sep, pathObject) {
      checkPathObject(pathObject);
      const dir = pathObject.dir || pathObject.root;
      const base = pathObject.base || `${pathObject.name || ""}${formatExt(pathObject.ext)}`;
      if (!dir) return base;
      return dir === pathObject.root ? `${dir}${base}` : `${dir}${sep}${base}`;
    })();
  return FunctionPrototypeBind(_format, null, separator);
}

function checkPathObject(value) {
  if (value === null || typeof value !== "object") {
    const { ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
    throw new ERR_INVALID_ARG_TYPE("pathObject", "object", value);
  }
  validateObject(value, "pathObject", 2);
}

module.exports = { basename, extname, formatter, isEitherSlash, isSlash, lastSegment, normalizeSegments, splitBase, validateString };
