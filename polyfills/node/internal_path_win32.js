"use strict";
// path.win32, https://nodejs.org/docs/latest-v22.x/api/path.html#windows-vs-posix

const {
  ArrayPrototypeJoin,
  StringPrototypeCharCodeAt,
  StringPrototypeSlice,
  StringPrototypeToLowerCase,
} = primordials;
const base = require("node/internal_path");
const { isEitherSlash, lastSegment, validateString } = base;

const kColon = 0x3a;

function isSeparatorAt(path, index) {
  return index < path.length && isEitherSlash(StringPrototypeCharCodeAt(path, index));
}

function isDrive(path) {
  if (path.length < 2 || StringPrototypeCharCodeAt(path, 1) !== kColon) return false;
  const letter = StringPrototypeCharCodeAt(path, 0) | 0x20;
  return letter >= 0x61 && letter <= 0x7a;
}

function skip(path, from, separators) {
  while (from < path.length && isEitherSlash(StringPrototypeCharCodeAt(path, from)) === separators) from++;
  return from;
}

/**
 * The share at the beginning of a path, "\\server\share": where it ends, and its two names. Undefined if there is none.
 */
function shareOf(path) {
  if (!isSeparatorAt(path, 0) || !isSeparatorAt(path, 1)) return undefined;
  const serverEnd = skip(path, 2, false);
  if (serverEnd === 2 || serverEnd === path.length) return undefined;
  const shareStart = skip(path, serverEnd, true);
  if (shareStart === path.length) return undefined;
  const end = skip(path, shareStart, false);
  return { end, server: StringPrototypeSlice(path, 2, serverEnd), share: StringPrototypeSlice(path, shareStart, end) };
}

/** What a path begins with: a device ("C:", "\\server\share" or ""), where that ends, and whether the rest is absolute. */
function rootOf(path) {
  if (isSeparatorAt(path, 0)) {
    const share = shareOf(path);
    if (share === undefined) return { device: "", end: 1, absolute: true, share: undefined };
    return { device: `\\\\${share.server}\\${share.share}`, end: share.end, absolute: true, share };
  }
  if (!isDrive(path)) return { device: "", end: 0, absolute: false, share: undefined };
  const absolute = isSeparatorAt(path, 2);
  return { device: StringPrototypeSlice(path, 0, 2), end: absolute ? 3 : 2, absolute, share: undefined };
}

function normalizeSegments(path, keepUp) {
  return base.normalizeSegments(path, keepUp, "\\", isEitherSlash);
}

const kWorkingDirectory = "\\";

// Where the root ends as dirname() and parse() see it: with the separator behind a share.
function rootEndOf(path, wholeShare) {
  const share = shareOf(path);
  if (share !== undefined) return share.end === path.length ? (wholeShare ? path.length : -1) : share.end + 1;
  if (isSeparatorAt(path, 0)) return 1;
  if (isDrive(path)) return isSeparatorAt(path, 2) ? 3 : 2;
  return 0;
}

function joinSegments(args) {
  const parts = [];
  for (let i = 0; i < args.length; i++) {
    validateString(args[i], "path");
    if (args[i].length > 0) parts[parts.length] = args[i];
  }
  if (parts.length === 0) return undefined;
  const joined = ArrayPrototypeJoin(parts, "\\");
  // Only two separators that belong together, before a name, begin a share.
  const first = parts[0];
  if (isSeparatorAt(first, 0) && isSeparatorAt(first, 1) && first.length > 2 && !isSeparatorAt(first, 2)) return joined;
  const slashes = skip(joined, 0, true);
  return slashes >= 2 ? `\\${StringPrototypeSlice(joined, slashes)}` : joined;
}

// The part of a resolved path that relative() compares.
function trimmed(path) {
  const start = skip(path, 0, true);
  let end = path.length;
  while (end - 1 > start && isSeparatorAt(path, end - 1)) end--;
  return { start, end };
}

// What two paths have in common: the length up to a separator, -1 if they have different roots; `rest` is where the target goes on if the
// source is its beginning, else undefined.
function compare(from, a, to, b) {
  const fromLength = a.end - a.start;
  const toLength = b.end - b.start;
  const length = fromLength < toLength ? fromLength : toLength;
  let common = -1;
  let i = 0;
  for (; i < length; i++) {
    const unit = from[a.start + i];
    if (unit !== to[b.start + i]) return { common, rest: undefined };
    if (unit === "\\") common = i;
  }
  if (toLength > length) {
    if (to[b.start + i] === "\\") return { common, rest: b.start + i + 1 };
    if (i === 2) return { common, rest: b.start + i };
  }
  if (fromLength > length) {
    if (from[a.start + i] === "\\") common = i;
    else if (i === 2) common = 3;
  }
  return { common: common === -1 ? 0 : common, rest: undefined };
}

const win32 = {
  resolve(...args) {
    let device = "";
    let tail = "";
    let absolute = false;
    for (let i = args.length - 1; i >= -1; i--) {
      if (i >= 0) validateString(args[i], `paths[${i}]`);
      const path = i >= 0 ? args[i] : kWorkingDirectory;
      if (path.length === 0) continue;
      const root = rootOf(path);
      if (root.device !== "") {
        if (device !== "" && StringPrototypeToLowerCase(root.device) !== StringPrototypeToLowerCase(device)) continue;
        if (device === "") device = root.device;
      }
      if (!absolute) {
        tail = `${StringPrototypeSlice(path, root.end)}\\${tail}`;
        absolute = root.absolute;
      }
      if (absolute && device !== "") break;
    }
    const normalized = normalizeSegments(tail, !absolute);
    return (absolute ? `${device}\\${normalized}` : `${device}${normalized}`) || ".";
  },

  normalize(path) {
    validateString(path, "path");
    const { length } = path;
    if (length === 0) return ".";
    if (length === 1) return path === "/" ? "\\" : path;
    const root = rootOf(path);
    if (root.share !== undefined && root.end === length) return `${root.device}\\`;
    let tail = root.end < length ? normalizeSegments(StringPrototypeSlice(path, root.end), !root.absolute) : "";
    if (tail === "" && !root.absolute) tail = ".";
    if (tail !== "" && isSeparatorAt(path, length - 1)) tail += "\\";
    if (root.absolute) return `${root.device}\\${tail}`;
    return `${root.device}${tail}`;
  },

  isAbsolute(path) {
    validateString(path, "path");
    return isSeparatorAt(path, 0) || (isDrive(path) && isSeparatorAt(path, 2));
  },

  join(...args) {
    const joined = joinSegments(args);
    return joined === undefined ? "." : win32.normalize(joined);
  },

  relative(from, to) {
    validateString(from, "from");
    validateString(to, "to");
    if (from === to) return "";
    const source = win32.resolve(from);
    const target = win32.resolve(to);
    const lowerSource = StringPrototypeToLowerCase(source);
    const lowerTarget = StringPrototypeToLowerCase(target);
    if (lowerSource === lowerTarget) return "";
    const a = trimmed(source);
    const b = trimmed(target);
    const { common, rest } = compare(lowerSource, a, lowerTarget, b);
    if (rest !== undefined) return StringPrototypeSlice(target, rest);
    if (common === -1) return target;
    let up = "";
    for (let i = a.start + common + 1; i <= a.end; i++) if (i === a.end || source[i] === "\\") up += up === "" ? ".." : "\\..";
    let start = b.start + common;
    if (up !== "") return up + StringPrototypeSlice(target, start, b.end);
    if (target[start] === "\\") start++;
    return StringPrototypeSlice(target, start, b.end);
  },

  toNamespacedPath(path) {
    if (typeof path !== "string" || path.length === 0) return path;
    const resolved = win32.resolve(path);
    if (resolved.length <= 2) return path;
    if (resolved[0] === "\\") {
      if (resolved[1] === "\\" && resolved[2] !== "?" && resolved[2] !== ".") return `\\\\?\\UNC\\${StringPrototypeSlice(resolved, 2)}`;
    } else if (isDrive(resolved) && resolved[2] === "\\") {
      return `\\\\?\\${resolved}`;
    }
    return resolved;
  },

  dirname(path) {
    validateString(path, "path");
    if (path.length === 0) return ".";
    if (path.length === 1) return isSeparatorAt(path, 0) ? path : ".";
    const root = rootEndOf(path, false);
    if (root === -1) return path;
    const { begin, end } = lastSegment(path, root, isEitherSlash);
    if (end > root && begin > root) return StringPrototypeSlice(path, 0, begin - 1);
    return root === 0 ? "." : StringPrototypeSlice(path, 0, root);
  },

  basename(path, suffix) {
    if (suffix !== undefined) validateString(suffix, "suffix");
    validateString(path, "path");
    return base.basename(path, isDrive(path) ? 2 : 0, suffix, isEitherSlash);
  },

  extname(path) {
    validateString(path, "path");
    return base.extname(path, isDrive(path) ? 2 : 0, isEitherSlash);
  },

  format: base.formatter("\\"),

  parse(path) {
    validateString(path, "path");
    const rootEnd = rootEndOf(path, true);
    const root = StringPrototypeSlice(path, 0, rootEnd);
    const { begin, end } = lastSegment(path, rootEnd, isEitherSlash);
    const file = StringPrototypeSlice(path, begin, end);
    const { name, ext } = base.splitBase(file);
    const dir = begin > rootEnd ? StringPrototypeSlice(path, 0, begin - 1) : root;
    return { root, dir, base: file, ext, name };
  },

  matchesGlob(path, pattern) {
    validateString(path, "path");
    validateString(pattern, "pattern");
    return require("node/internal_glob").matchesGlob(path, pattern, true);
  },

  sep: "\\",
  delimiter: ";",
  win32: null,
  posix: null,
};

module.exports = { win32 };
