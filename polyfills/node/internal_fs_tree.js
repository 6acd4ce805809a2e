"use strict";
// The virtual file system: /bundle with the worker's modules, which cannot be written, /tmp, which each request has for itself, and
// /dev with null, zero, full and random. Errors, and what they tell of the path, are the reference runtime's.

const {
  ArrayPrototypeJoin,
  ArrayPrototypePop,
  ArrayPrototypePush,
  Map,
  MapPrototypeDelete,
  MapPrototypeForEach,
  MapPrototypeGet,
  MapPrototypeGetSize,
  MapPrototypeSet,
  RegExpPrototypeExec,
  StringPrototypeEndsWith,
  StringPrototypeLastIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  WeakMap,
  WeakMapPrototypeGet,
  WeakMapPrototypeSet,
} = primordials;
const { current } = require("core/context");
const { validateString } = require("node/internal_validators");
const { setWorkingDirectory, workingDirectory } = require("node/internal_working_directory");
const { Device, Directory, File, Link, ModuleFile, Stdio, failure, kTexts } = require("node/internal_fs_nodes");

const kMaxLinks = 40;
const kMaxOpen = 4096;
const kMaxPath = 4096;

// Where everything begins.

let bundle;

const kScheme = /^(?!file:)[a-zA-Z][a-zA-Z0-9+.-]*:/;

function makeBundle() {
  const root = new Directory(false);
  const list = ops.op_bundle_list();
  for (let i = 0; i < list.length; i += 2) {
    // Names that are URLs of something else are no files.
    if (RegExpPrototypeExec(kScheme, list[i]) !== null) continue;
    const parts = split(list[i]);
    let directory = root;
    for (let p = 0; p < parts.length - 1; p++) {
      let next = MapPrototypeGet(directory.entries, parts[p]);
      if (next === undefined || next.type !== "directory") {
        next = new Directory(false);
        MapPrototypeSet(directory.entries, parts[p], next);
      }
      directory = next;
    }
    if (parts.length > 0) MapPrototypeSet(directory.entries, parts[parts.length - 1], new ModuleFile(i / 2, list[i + 1]));
  }
  return root;
}

let devices;

function makeDevices() {
  const root = new Directory(false);
  for (const name of ["null", "zero", "full", "random"]) MapPrototypeSet(root.entries, name, new Device(name));
  return root;
}

// What a request has: its /tmp and its open files.
class World {
  root = new Directory(false);
  open = new Map();
  #last = 2;
  #made = 0;

  constructor() {
    bundle ??= makeBundle();
    devices ??= makeDevices();
    MapPrototypeSet(this.root.entries, "bundle", bundle);
    MapPrototypeSet(this.root.entries, "tmp", new Directory(true));
    MapPrototypeSet(this.root.entries, "dev", devices);
    for (let fd = 0; fd <= this.#last; fd++) MapPrototypeSet(this.open, fd, { node: new Stdio(fd), read: true, append: true, position: 0 });
  }

  add(opened) {
    if (MapPrototypeGetSize(this.open) >= kMaxOpen + 3) throw failure("EMFILE", "open");
    MapPrototypeSet(this.open, ++this.#last, opened);
    return this.#last;
  }

  nextName() {
    return this.#made++;
  }
}

const worlds = new WeakMap();
let outside;

function world() {
  const context = current();
  if (context === undefined) return (outside ??= new World());
  let found = WeakMapPrototypeGet(worlds, context);
  if (found === undefined) {
    found = new World();
    WeakMapPrototypeSet(worlds, context, found);
  }
  return found;
}

// Paths. They are absolute, with parts that are not empty.

/** The parts of a path, without those that mean nothing. */
function split(path) {
  const parts = [];
  const all = StringPrototypeSplit(path, "/");
  for (let i = 0; i < all.length; i++) {
    if (all[i] === "" || all[i] === ".") continue;
    if (all[i] === "..") ArrayPrototypePop(parts);
    else ArrayPrototypePush(parts, all[i]);
  }
  return parts;
}

/** The node of a path, undefined if there is none. */
function find(path, follow, syscall, depth = 0) {
  const parts = split(path);
  let node = world().root;
  for (let i = 0; i < parts.length; i++) {
    if (node.type !== "directory") return undefined;
    node = MapPrototypeGet(node.entries, parts[i]);
    if (node === undefined) return undefined;
    if (node.type !== "symlink" || (i === parts.length - 1 && !follow)) continue;
    if (depth === kMaxLinks) throw failure("ELOOP", syscall, undefined, kTexts.ELOOP);
    node = find(node.target, true, syscall, depth + 1);
    if (node === undefined) return undefined;
  }
  return node;
}

/** The directory that a path is in, and its name there: { parent, name }; parent may be missing. */
function place(path, syscall) {
  const parts = split(path);
  if (parts.length === 0) throw failure("EPERM", syscall);
  const name = ArrayPrototypePop(parts);
  return { parent: find(ArrayPrototypeJoin(parts, "/"), true, syscall), name };
}

// A place where something may be made.
function placeFor(path, syscall, told = path) {
  const found = place(path, syscall);
  if (found.parent === undefined) throw failure("ENOENT", syscall, told);
  if (found.parent.type !== "directory") throw failure("ENOTDIR", syscall);
  if (!found.parent.writable) throw failure("EPERM", syscall);
  return found;
}

function opened(fd, syscall) {
  const found = MapPrototypeGet(world().open, fd);
  if (found === undefined) throw failure("EBADF", syscall);
  return found;
}

function isFd(target) {
  return typeof target === "number";
}

// Operations. A target is a path or the number of an open file.

function stat(target, follow = true) {
  return isFd(target) ? opened(target, "fstat").node : find(target, follow, "stat");
}

function setModified(target, time, follow = true) {
  const node = isFd(target) ? opened(target, "futimes").node : find(target, follow, "futimes");
  if (node === undefined) throw failure("ENOENT", "futimes", target);
  if (!node.writable || node.fixed) throw failure("EPERM", "futimes");
  node.modified = time;
}

function truncate(target, size) {
  const node = isFd(target) ? opened(target, "ftruncate").node : find(target, true, "ftruncate");
  if (node === undefined) throw failure("ENOENT", "ftruncate", target);
  if (node.type === "directory") throw failure("EISDIR", "ftruncate");
  if (!node.writable) throw failure("EPERM", "ftruncate");
  node.resize(size, "ftruncate");
}

function readAll(target) {
  if (isFd(target)) {
    const node = MapPrototypeGet(world().open, target)?.node;
    if (node === undefined || node.type === "directory") throw failure("EBADF", "fread");
    return node.readAll();
  }
  const node = find(target, true, "readAll");
  if (node === undefined) throw failure("ENOENT", "readAll", target);
  if (node.type === "directory") throw failure("EISDIR", "readAll");
  return node.readAll();
}

function writeAll(target, bytes, append, exclusive) {
  if (isFd(target)) {
    const file = MapPrototypeGet(world().open, target);
    if (file === undefined || file.node.type === "directory") throw failure("EBADF", "fwrite");
    if (!file.node.writable) throw failure("EPERM", "fwrite");
    if (!append && !file.append) file.node.resize(0, "fwriteAll");
    return file.node.write(file.node.size, bytes, "fwriteAll");
  }
  let node = find(target, true, "writeAll");
  if (node !== undefined) {
    if (exclusive) throw failure("EEXIST", "writeAll", undefined, kTexts.EEXIST);
    if (node.type === "directory") throw failure("EISDIR", "writeAll");
    if (!node.writable) throw failure("EPERM", "writeAll");
    if (!append) node.resize(0, "writeAll");
    return node.write(node.size, bytes, "writeAll");
  }
  const { parent, name } = placeFor(target, "writeAll");
  node = new File(true);
  const written = node.write(0, bytes, "writeAll");
  MapPrototypeSet(parent.entries, name, node);
  return written;
}

function open(path, { read, write, append, exclusive, truncate: empty }) {
  let node = find(path, true, "open");
  if (node !== undefined) {
    if (exclusive) throw failure("EEXIST", "open", path);
    if (write || append) {
      if (node.type === "directory") throw failure("EISDIR", "open", path);
      if (!node.writable) throw failure("EPERM", "open", path);
      if (empty) node.resize(0, "open");
    }
  } else {
    if (!write && !append) throw failure("ENOENT", "open", path);
    const { parent, name } = placeFor(path, "open");
    node = new File(true);
    MapPrototypeSet(parent.entries, name, node);
  }
  return world().add({ node, read, append, position: 0 });
}

function close(fd) {
  // Those of a program stay.
  if (fd > 2) MapPrototypeDelete(world().open, fd);
}

// Places in files have 32 bits.
function place32(position, syscall) {
  if (position > 4294967295) throw failure("EINVAL", syscall, undefined, "position out of range");
  return position;
}

function read(fd, views, position) {
  const file = opened(fd, "read");
  if (!file.read) throw failure("EBADF", "read");
  if (file.node.type === "directory") throw failure("EISDIR", "read");
  let at = place32(position, "read") ?? file.position;
  let total = 0;
  for (let i = 0; i < views.length; i++) {
    const n = file.node.read(at, views[i]);
    at += n;
    total += n;
    if (n < views[i].length) break;
  }
  if (position === null) file.position = at;
  return total;
}

function write(fd, views, position) {
  const file = opened(fd, "write");
  if (file.node.type === "directory") throw failure("EISDIR", "write");
  // As on the reference runtime it does not matter what the file was opened for.
  if (!file.node.writable) throw failure("EPERM", "write");
  let at = file.append ? file.node.size : (place32(position, "write") ?? file.position);
  let total = 0;
  for (let i = 0; i < views.length; i++) {
    const n = file.node.write(at, views[i], "write");
    at += n;
    total += n;
  }
  if (position === null) file.position = at;
  return total;
}

/** Makes a directory; recursive gives the first that was made. */
function mkdir(path, recursive) {
  const parts = split(path);
  const node = find(path, true, "mkdir");
  if (node !== undefined) {
    if (node.type === "directory") return undefined;
    throw failure("EEXIST", "mkdir", undefined, kTexts.EEXIST);
  }
  const last = parts[parts.length - 1];
  if (!recursive) {
    const { parent, name } = placeFor(path, "mkdir", last);
    MapPrototypeSet(parent.entries, name, new Directory(true));
    return undefined;
  }
  let first;
  let at = "";
  for (let i = 0; i < parts.length; i++) {
    at += `/${parts[i]}`;
    const found = find(at, true, "mkdir");
    if (found !== undefined) {
      if (found.type !== "directory") throw failure("ENOTDIR", "mkdir");
      continue;
    }
    const { parent, name } = placeFor(at, "mkdir");
    MapPrototypeSet(parent.entries, name, new Directory(true));
    first ??= at;
  }
  return first;
}

function mkdtemp(prefix) {
  for (;;) {
    const path = `${prefix}${world().nextName()}`;
    if (find(path, false, "mkdtemp") !== undefined) continue;
    const { parent, name } = placeFor(path, "mkdir");
    MapPrototypeSet(parent.entries, name, new Directory(true));
    return path;
  }
}

function rm(path, { recursive, force, onlyDirectories }) {
  const { parent, name } = place(path, "rm");
  const node = parent?.type === "directory" ? MapPrototypeGet(parent.entries, name) : undefined;
  if (node === undefined) {
    if (onlyDirectories && !force) throw failure("ENOENT", "rm", name);
    return;
  }
  if (!parent.writable) throw failure("EPERM", "rm");
  if (onlyDirectories && node.type !== "directory") throw failure("ENOTDIR", "rm");
  if (node.type === "directory" && !recursive && MapPrototypeGetSize(node.entries) > 0) throw failure("ENOTEMPTY", "rm", name);
  MapPrototypeDelete(parent.entries, name);
}

function unlink(path) {
  const { parent, name } = place(path, "unlink");
  if (parent === undefined) throw failure("ENOENT", "unlink", name, "File not found");
  if (parent.type !== "directory") throw failure("ENOTDIR", "unlink", undefined, "Parent path is not a directory");
  const node = MapPrototypeGet(parent.entries, name);
  if (node === undefined) throw failure("ENOENT", "unlink", name, "File not found");
  if (node.type === "directory") throw failure("EISDIR", "unlink", undefined, "Cannot unlink a directory");
  if (!parent.writable) throw failure("EPERM", "unlink");
  MapPrototypeDelete(parent.entries, name);
}

// Kinds of entries, as libuv numbers them.
function kindOf(node) {
  if (node.device) return 6;
  return node.type === "directory" ? 2 : node.type === "symlink" ? 3 : 1;
}

/** The entries of a directory: { name, parentPath, type }. */
function readdir(path, recursive) {
  const node = find(path, true, "readdir");
  if (node === undefined) throw failure("ENOENT", "readdir", path);
  if (node.type !== "directory") throw failure("ENOTDIR", "readdir", path);
  const list = [];
  collect(node, `/${ArrayPrototypeJoin(split(path), "/")}`, recursive, list, recursive);
  return list;
}

function collect(node, path, recursive, list, whole) {
  MapPrototypeForEach(node.entries, (entry, name) => {
    const full = path === "/" ? `/${name}` : `${path}/${name}`;
    ArrayPrototypePush(list, { name: whole ? StringPrototypeSlice(full, 1) : name, parentPath: path, type: kindOf(entry) });
    if (recursive && entry.type === "directory") collect(entry, full, recursive, list, whole);
  });
}

function readLink(path, mustBeLink) {
  const node = find(path, false, "readlink");
  if (node === undefined) throw failure("ENOENT", "readlink", path);
  if (node.type === "symlink") return node.target;
  if (mustBeLink) throw failure("EINVAL", "readlink");
  return `/${ArrayPrototypeJoin(split(path), "/")}`;
}

function link(target, path, symbolic) {
  if (StringPrototypeEndsWith(path, "/")) throw failure("EINVAL", "link", undefined, "Invalid filename");
  if (find(path, false, "link") !== undefined) throw failure("EEXIST", "link", undefined, "File already exists");
  const { parent, name } = place(path, "link");
  if (parent === undefined) throw failure("ENOENT", "link", name, "Directory does not exist");
  if (parent.type !== "directory") throw failure("EINVAL", "link", undefined, "Not a directory");
  if (!parent.writable) throw failure("EPERM", "link");
  if (symbolic) {
    MapPrototypeSet(parent.entries, name, new Link(target));
    return;
  }
  const node = find(target, true, "link");
  if (node === undefined) throw failure("ENOENT", "link", target, "File not found");
  if (node.type === "directory") throw failure("EPERM", "link", undefined, "Cannot hardlink to a directory");
  MapPrototypeSet(parent.entries, name, node);
}

function copied(node) {
  if (node.type === "symlink") return new Link(node.target);
  return new File(true, node.readAll());
}

/** Renames, or copies a file. */
function move(from, to, copy) {
  const syscall = copy ? "copy" : "rename";
  const source = place(from, syscall);
  const node = source.parent?.type === "directory" ? MapPrototypeGet(source.parent.entries, source.name) : undefined;
  if (node === undefined) throw failure("ENOENT", syscall, from);
  if (copy && node.type === "directory") throw failure("EISDIR", syscall);
  const { parent, name } = placeFor(to, syscall);
  if (copy) {
    const existing = find(to, true, syscall);
    if (existing?.type === "directory") throw failure("EISDIR", syscall);
    MapPrototypeSet(parent.entries, name, copied(copy && node.type === "symlink" ? (find(from, true, syscall) ?? node) : node));
    return;
  }
  if (!source.parent.writable) throw failure("EPERM", syscall);
  for (let at = to; at !== ""; at = StringPrototypeSlice(at, 0, StringPrototypeLastIndexOf(at, "/"))) {
    if (node.type === "directory" && find(at, false, syscall) === node) throw failure("EINVAL", syscall);
  }
  MapPrototypeDelete(source.parent.entries, source.name);
  MapPrototypeSet(parent.entries, name, node);
}

function cpFailure(code, text) {
  return failure(code, "cp", undefined, text);
}

/** Copies a tree. Directories that are missing are made. */
function cp(from, to, options, depth = 0) {
  const node = find(from, options.dereference, "cp");
  if (node === undefined) throw failure("ENOENT", "cp", from);
  const existing = find(to, options.dereference, "cp");
  if (node.type === "directory") {
    cpDirectory(node, from, to, options, depth);
    return;
  }
  if (existing?.type === "directory") {
    throw node.type === "symlink" ? failure("ENOTDIR", "cp") : cpFailure("ERR_FS_CP_NON_DIR_TO_DIR", "Cannot overwrite directory with non-directory");
  }
  if (existing !== undefined && !options.force) {
    if (options.errorOnExist) throw cpFailure("ERR_FS_CP_EEXIST", "Target already exists");
    return;
  }
  const parts = split(to);
  ArrayPrototypePop(parts);
  mkdir(`/${ArrayPrototypeJoin(parts, "/")}`, true);
  const { parent, name } = placeFor(to, "cp");
  MapPrototypeSet(parent.entries, name, copied(node));
}

function cpDirectory(node, from, to, options, depth) {
  if (!options.recursive) throw cpFailure("ERR_FS_EISDIR", "Recursive option not enabled, cannot copy a directory");
  const [source, target] = [`/${ArrayPrototypeJoin(split(from), "/")}/`, `/${ArrayPrototypeJoin(split(to), "/")}/`];
  if (depth === 0 && StringPrototypeStartsWith(target, source)) throw cpFailure("ERR_FS_CP_EINVAL", "Cannot copy a directory to a subdirectory of itself");
  const existing = find(to, true, "cp");
  if (existing !== undefined && existing.type !== "directory") throw cpFailure("ERR_FS_CP_DIR_TO_NON_DIR", "Cannot overwrite non-directory with directory");
  if (existing === undefined) mkdir(to, true);
  const names = [];
  MapPrototypeForEach(node.entries, (_entry, name) => ArrayPrototypePush(names, name));
  for (let i = 0; i < names.length; i++) cp(`${source}${names[i]}`, `${target}${names[i]}`, options, depth + 1);
}

/** process.chdir() */
function changeDirectory(directory) {
  validateString(directory, "directory");
  if (directory.length > kMaxPath) throw failure("ENAMETOOLONG", "chdir", directory);
  if (directory === "") throw failure("ENOENT", "chdir");
  const from = StringPrototypeStartsWith(directory, "/") ? "" : workingDirectory();
  const path = ArrayPrototypeJoin(split(`${from}/${directory}`), "/");
  const node = find(path, true, "chdir");
  if (node === undefined) throw failure("ENOENT", "chdir", path);
  if (node.type !== "directory") throw failure("ENOTDIR", "chdir", path);
  setWorkingDirectory(`/${path}`);
}

module.exports = {
  changeDirectory,
  close, cp, link, mkdir, mkdtemp, move, open, read, readAll, readLink, readdir, rm, setModified, stat, truncate, unlink, write, writeAll,
};
