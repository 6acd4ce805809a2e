"use strict";
// fs.globSync(): the paths below a directory that match a pattern. https://nodejs.org/docs/latest-v22.x/api/fs.html#fsglobsyncpattern-options
// Patterns are relative to the option `cwd`, and do not leave it. "**" goes into no symbolic link.

const { ArrayIsArray, ArrayPrototypeJoin, ArrayPrototypePop, ArrayPrototypePush, ArrayPrototypeSlice, Map, MapPrototypeForEach, MapPrototypeGet, MapPrototypeHas, MapPrototypeSet, Set, SetPrototypeAdd, SetPrototypeHas, StringPrototypeSplit } = primordials;
const { Dirent, toPath } = require("node/internal_fs_checks");
const { constants } = require("node/internal_fs_constants");
const tree = require("node/internal_fs_tree");
const { compileNames, expandBraces, kGlobstar, matchSegment } = require("node/internal_glob");
const { validateObject, validateString } = require("node/internal_validators");
const { workingDirectory } = require("node/internal_working_directory");

const { UV_DIRENT_DIR, UV_DIRENT_UNKNOWN } = constants;

// Finds what matches; it reads each directory once, and asks each question about one once.
class Walk {
  /** Path to the type of what is there. */
  found = new Map();
  #root;
  #listings = new Map();

  constructor(root) {
    this.#root = root;
  }

  run(parts) {
    if (parts.length > 0) this.#match([], parts, 0, new Set());
  }

  #list(names) {
    const path = ArrayPrototypeJoin(names, "/");
    let list = MapPrototypeGet(this.#listings, path);
    if (list !== undefined) return list;
    try {
      list = tree.readdir(`${this.#root}/${path}`, false);
    } catch {
      // It is no directory, or not there.
      list = [];
    }
    MapPrototypeSet(this.#listings, path, list);
    return list;
  }

  #add(names, type) {
    const path = ArrayPrototypeJoin(names, "/");
    if (path !== "" && !MapPrototypeHas(this.found, path)) MapPrototypeSet(this.found, path, type ?? this.#typeOf(names));
  }

  #typeOf(names) {
    const list = this.#list(ArrayPrototypeSlice(names, 0, -1));
    for (let i = 0; i < list.length; i++) if (list[i].name === names[names.length - 1]) return list[i].type;
    return UV_DIRENT_UNKNOWN;
  }

  // What of the parts from `at` on is below the directory `names`.
  #match(names, parts, at, seen, type) {
    if (at === parts.length) {
      this.#add(names, type);
      return;
    }
    const question = `${at}/${ArrayPrototypeJoin(names, "/")}`;
    if (SetPrototypeHas(seen, question)) return;
    SetPrototypeAdd(seen, question);
    if (parts[at] === "..") {
      if (names.length > 0) this.#match(ArrayPrototypeSlice(names, 0, -1), parts, at + 1, seen);
      return;
    }
    const isGlobstar = parts[at] === kGlobstar;
    if (isGlobstar) this.#match(names, parts, at + 1, seen, type);
    const list = this.#list(names);
    for (let i = 0; i < list.length; i++) {
      const entry = list[i];
      if (!isGlobstar && !matchSegment(entry.name, parts[at])) continue;
      const below = ArrayPrototypeSlice(names);
      ArrayPrototypePush(below, entry.name);
      this.#match(below, parts, at + 1, seen, entry.type);
      if (isGlobstar && entry.type === UV_DIRENT_DIR) this.#match(below, parts, at, seen, entry.type);
    }
  }
}

// The option `exclude` as patterns.

function compileExclusion(patterns) {
  const result = [];
  for (let i = 0; i < patterns.length; i++) {
    validateString(patterns[i], "options.exclude");
    const expanded = expandBraces(patterns[i]);
    for (let j = 0; j < expanded.length; j++) {
      const parts = [];
      const given = compileNames(expanded[j]);
      for (let k = 0; k < given.length; k++) {
        if (given[k] === "..") ArrayPrototypePop(parts);
        else ArrayPrototypePush(parts, given[k]);
      }
      ArrayPrototypePush(result, parts);
    }
  }
  return result;
}

// Whether the names are what the parts say; `open` has the places in names up to which the parts so far may go.
function matchesParts(names, parts) {
  let open = [true];
  for (let at = 0; at < parts.length; at++) {
    const next = [];
    for (let i = 0; i <= names.length; i++) {
      if (parts[at] === kGlobstar) next[i] = open[i] === true || (i > 0 && next[i - 1]);
      else next[i] = i > 0 && open[i - 1] === true && matchSegment(names[i - 1], parts[at]);
    }
    open = next;
  }
  return open[names.length] === true;
}

function isExcluded(path, exclusions) {
  const names = StringPrototypeSplit(path, "/");
  for (let i = 0; i < exclusions.length; i++) if (matchesParts(names, exclusions[i])) return true;
  return false;
}

function direntOf(path, type, cwd) {
  const names = StringPrototypeSplit(path, "/");
  const name = ArrayPrototypePop(names);
  return new Dirent(name, type, names.length === 0 ? cwd : `${cwd}/${ArrayPrototypeJoin(names, "/")}`);
}

function patternsOf(pattern) {
  if (typeof pattern === "string") return [pattern];
  const result = [];
  if (ArrayIsArray(pattern)) for (let i = 0; i < pattern.length; i++) ArrayPrototypePush(result, pattern[i]);
  else for (const each of pattern) ArrayPrototypePush(result, each);
  for (let i = 0; i < result.length; i++) validateString(result[i], "pattern");
  return result;
}

function globSync(pattern, options = {}) {
  const patterns = patternsOf(pattern);
  validateObject(options, "options");
  const cwd = toPath(options.cwd ?? workingDirectory(), "options.cwd");
  const { withFileTypes = false, exclude } = options;
  const exclusions = ArrayIsArray(exclude) ? compileExclusion(exclude) : [];
  const walk = new Walk(cwd);
  for (let i = 0; i < patterns.length; i++) {
    const expanded = expandBraces(patterns[i]);
    for (let j = 0; j < expanded.length; j++) walk.run(compileNames(expanded[j]));
  }
  const result = [];
  MapPrototypeForEach(walk.found, (type, path) => {
    if (isExcluded(path, exclusions)) return;
    const entry = withFileTypes ? direntOf(path, type, cwd) : path;
    if (typeof exclude !== "function" || !exclude(entry)) ArrayPrototypePush(result, entry);
  });
  return result;
}

module.exports = { globSync };
