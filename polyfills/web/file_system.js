"use strict";
// The handles of https://fs.spec.whatwg.org/ over the virtual file system of node:fs: /bundle, /tmp and /dev. Errors are the reference
// runtime's. A handle is a path: what is there is looked up with each call, in the request in force.

const {
  AsyncIteratorPrototype,
  FunctionPrototypeCall,
  Error,
  Map,
  MapPrototypeDelete,
  MapPrototypeForEach,
  MapPrototypeGet,
  MapPrototypeHas,
  MapPrototypeSet,
  Number,
  ObjectSetPrototypeOf,
  PromiseResolve,
  StringPrototypeIncludes,
  SymbolAsyncIterator,
  TypeError,
  Uint8Array,
  WeakMap,
  WeakMapPrototypeGet,
  WeakMapPrototypeSet,
} = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError, toBoolean, toUSVString } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");
const context = require("core/context");
const tree = require("node/internal_fs_tree");

const kNoBytes = new Uint8Array(0);

// What goes wrong.

// Codes of the virtual file system as [DOMException, text].
const kFailures = {
  __proto__: null,
  EEXIST: ["InvalidStateError", "File already exists"],
  EISDIR: ["TypeMismatchError", "Is a directory"],
  ELOOP: ["InvalidStateError", "Symbolic link depth exceeded, please check the symbolic links"],
  ENOENT: ["NotFoundError", "Not found"],
  ENOTDIR: ["NotSupportedError", "Not a directory"],
  ENOTEMPTY: ["InvalidModificationError", "Directory not empty"],
  EPERM: ["NotAllowedError", "Operation not permitted"],
};
const kTooLarge = "File size limit exceeded";

/** Runs steps of the virtual file system; its failures become DOMExceptions. */
function attempt(steps) {
  try {
    return steps();
  } catch (error) {
    const known = kFailures[error?.code];
    if (known === undefined) throw error;
    if (error.message === kTooLarge) throw makeError("QuotaExceededError", `${kTooLarge}, please reduce the file size and try again`);
    throw makeError(known[0], known[1]);
  }
}

// Files that are being written cannot be removed: path to the number of writers.
const locks = new Map();

function lock(path) {
  MapPrototypeSet(locks, path, (MapPrototypeGet(locks, path) ?? 0) + 1);
}

function unlock(path) {
  const writers = MapPrototypeGet(locks, path) - 1;
  if (writers === 0) MapPrototypeDelete(locks, path);
  else MapPrototypeSet(locks, path, writers);
}

function remove(path, recursive, lockedText, missingText) {
  if (MapPrototypeHas(locks, path)) throw makeError("NoModificationAllowedError", lockedText);
  attempt(() => {
    if (tree.stat(path, false) === undefined) throw makeError("NotFoundError", missingText);
    tree.rm(path, { __proto__: null, recursive, force: false, onlyDirectories: false });
  });
}

const isName = (name) => name !== "" && name !== "." && name !== ".." && !StringPrototypeIncludes(name, "/") && !StringPrototypeIncludes(name, "\\");

const childPath = (path, name) => (path === "/" ? `/${name}` : `${path}/${name}`);

/** A boolean member of an options argument. */
function flagOf(options, name, method, iface, index, type) {
  if (options === undefined || options === null) return false;
  if (!isObject(options)) throw parameterError(method, iface, index, type);
  return toBoolean(options[name]);
}

// Nodes to the ids that were given out.
const ids = new WeakMap();

/** The path of a handle, undefined of anything else. */
let pathOf;
let nameOf;

class FileSystemHandle {
  #path;
  #name;
  #kind;
  constructor(token = undefined, path = undefined, name = undefined, kind = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#path = path;
    this.#name = name;
    this.#kind = kind;
  }

  get kind() {
    if (!(#path in this)) throw illegalInvocation();
    return this.#kind;
  }

  get name() {
    if (!(#path in this)) throw illegalInvocation();
    return this.#name;
  }

  async isSameEntry(other) {
    if (!(#path in this)) throw illegalInvocation();
    if (!isObject(other) || !(#path in other)) throw parameterError("isSameEntry", "FileSystemHandle", 1, "FileSystemHandle");
    return other.#kind === this.#kind && other.#path === this.#path;
  }

  async getUniqueId() {
    if (!(#path in this)) throw illegalInvocation();
    const node = attempt(() => tree.stat(this.#path));
    if (node === undefined) throw makeError("NotFoundError", "The entry was not found.");
    let id = WeakMapPrototypeGet(ids, node);
    if (id === undefined) {
      if (context.current() === undefined) throw new Error("Cannot generate a unique ID outside of a request");
      id = require("web/crypto").internals.randomUUID();
      WeakMapPrototypeSet(ids, node, id);
    }
    return id;
  }

  async remove(options = undefined) {
    if (!(#path in this)) throw illegalInvocation();
    const recursive = flagOf(options, "recursive", "remove", "FileSystemHandle", 1, "RemoveOptions");
    remove(this.#path, recursive, "Cannot remove a handle that is not writable or not a directory.", "The entry was not found.");
  }

  static {
    pathOf = (handle) => (isObject(handle) && #path in handle ? handle.#path : undefined);
    nameOf = (handle) => handle.#name;
  }
}
define(FileSystemHandle, "FileSystemHandle");

class FileSystemFileHandle extends FileSystemHandle {
  #path;
  constructor(token = undefined, path = undefined, name = undefined) {
    super(token, path, name, "file");
    this.#path = path;
  }

  async getFile() {
    if (!(#path in this)) throw illegalInvocation();
    const node = attempt(() => tree.stat(this.#path));
    if (node === undefined) throw makeError("NotFoundError", "Not found");
    if (node.type === "directory") throw makeError("TypeMismatchError", "Is a directory");
    const bytes = attempt(() => tree.readAll(this.#path));
    return require("web/blob").internals.createFile(bytes, nameOf(this), "", Number(node.modified) / 1e6);
  }

  async createWritable(options = undefined) {
    if (!(#path in this)) throw illegalInvocation();
    const keep = flagOf(options, "keepExistingData", "createWritable", "FileSystemFileHandle", 1, "FileSystemCreateWritableOptions");
    const path = this.#path;
    const node = attempt(() => tree.stat(path));
    if (node === undefined) throw makeError("NotFoundError", "File not found");
    const bytes = keep ? attempt(() => tree.readAll(path)) : undefined;
    return require("web/file_system_writable").open(path, bytes, { __proto__: null, attempt, lock, unlock });
  }
}
define(FileSystemFileHandle, "FileSystemFileHandle");

class FileSystemDirectoryHandle extends FileSystemHandle {
  #path;
  constructor(token = undefined, path = undefined, name = undefined) {
    super(token, path, name, "directory");
    this.#path = path;
  }

  async getFileHandle(name, options = undefined) {
    if (!(#path in this)) throw illegalInvocation();
    const child = toUSVString(name);
    const create = flagOf(options, "create", "getFileHandle", "FileSystemDirectoryHandle", 2, "FileSystemGetFileOptions");
    if (!isName(child)) throw new TypeError("Invalid file name");
    const path = childPath(this.#path, child);
    const node = this.#child(path, () => create && tree.writeAll(path, kNoBytes, false, false));
    if (node === undefined) throw makeError("NotFoundError", "Not found");
    if (node.type === "directory") throw makeError("TypeMismatchError", "File name is a directory");
    return new FileSystemFileHandle(kConstruct, path, child);
  }

  async getDirectoryHandle(name, options = undefined) {
    if (!(#path in this)) throw illegalInvocation();
    const child = toUSVString(name);
    const create = flagOf(options, "create", "getDirectoryHandle", "FileSystemDirectoryHandle", 2, "FileSystemGetDirectoryOptions");
    if (!isName(child)) throw new TypeError("Invalid directory name");
    const path = childPath(this.#path, child);
    const node = this.#child(path, () => create && tree.mkdir(path, false));
    if (node === undefined) throw makeError("NotFoundError", "Directory not opened or created");
    if (node.type !== "directory") throw makeError("TypeMismatchError", "File name is a file");
    return new FileSystemDirectoryHandle(kConstruct, path, child);
  }

  /** What is at a path in here, if need be after `make`; undefined if nothing is. */
  #child(path, make) {
    return attempt(() => {
      this.#node("Directory not found");
      const node = tree.stat(path);
      if (node !== undefined) return node;
      make();
      return tree.stat(path);
    });
  }

  /** The directory itself. */
  #node(missingText) {
    const node = attempt(() => tree.stat(this.#path));
    if (node === undefined) throw makeError("NotFoundError", missingText);
    if (node.type !== "directory") throw makeError("TypeMismatchError", "Not a directory");
    return node;
  }

  async removeEntry(name, options = undefined) {
    if (!(#path in this)) throw illegalInvocation();
    const child = toUSVString(name);
    const recursive = flagOf(options, "recursive", "removeEntry", "FileSystemDirectoryHandle", 2, "FileSystemRemoveOptions");
    if (!isName(child)) throw new TypeError("Invalid name");
    this.#node("Not found");
    remove(childPath(this.#path, child), recursive, "Cannot remove an entry that is currently locked.", "File not found");
  }

  async resolve(possibleDescendant) {
    if (!(#path in this)) throw illegalInvocation();
    if (pathOf(possibleDescendant) === undefined) throw parameterError("resolve", "FileSystemDirectoryHandle", 1, "FileSystemHandle");
    throw new Error("Not implemented");
  }

  entries() {
    if (!(#path in this)) throw illegalInvocation();
    return this.#iterate((handle) => [nameOf(handle), handle]);
  }

  keys() {
    if (!(#path in this)) throw illegalInvocation();
    return this.#iterate(nameOf);
  }

  values() {
    if (!(#path in this)) throw illegalInvocation();
    return this.#iterate((handle) => handle);
  }

  #iterate(valueOf) {
    return new DirectoryIterator(kConstruct, () => this.#handles(), valueOf);
  }

  /** Handles of all that is in here now. */
  #handles() {
    const directory = this.#node("Not found");
    const list = [];
    MapPrototypeForEach(directory.entries, (_node, name) => {
      const path = childPath(this.#path, name);
      // A link is what it leads to; one that leads nowhere is not there.
      const node = attempt(() => tree.stat(path));
      if (node === undefined) return;
      const Handle = node.type === "directory" ? FileSystemDirectoryHandle : FileSystemFileHandle;
      list[list.length] = new Handle(kConstruct, path, name);
    });
    return list;
  }

  forEach(callback, thisArg = undefined) {
    if (!(#path in this)) throw illegalInvocation();
    if (typeof callback !== "function") throw parameterError("forEach", "FileSystemDirectoryHandle", 1, "function");
    const list = this.#handles();
    for (let i = 0; i < list.length; i++) FunctionPrototypeCall(callback, thisArg ?? undefined, nameOf(list[i]), list[i], this);
  }

  [SymbolAsyncIterator]() {
    if (!(#path in this)) throw illegalInvocation();
    return this.#iterate((handle) => [nameOf(handle), handle]);
  }
}
define(FileSystemDirectoryHandle, "FileSystemDirectoryHandle");

/** Walks over the handles that a directory had when the walk was begun; one that is gone fails the first step. */
class DirectoryIterator {
  #list;
  #failure;
  #valueOf;
  #index = 0;
  constructor(token, collect, valueOf) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#valueOf = valueOf;
    try {
      this.#list = collect();
    } catch (error) {
      this.#failure = error;
      this.#list = [];
    }
  }

  async next() {
    if (!(#list in this)) throw illegalInvocation();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#index >= this.#list.length) return { done: true, value: undefined };
    return { done: false, value: this.#valueOf(this.#list[this.#index++]) };
  }

  return(value = undefined) {
    if (!(#list in this)) throw illegalInvocation();
    this.#index = Infinity;
    return PromiseResolve({ done: true, value });
  }
}
define(DirectoryIterator, "FileSystemDirectoryHandleAsyncIterator");
ObjectSetPrototypeOf(DirectoryIterator.prototype, AsyncIteratorPrototype);

class StorageManager {
  // Only the brand.
  #storage;
  constructor(token = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
  }

  async getDirectory() {
    if (!(#storage in this)) throw illegalInvocation();
    return new FileSystemDirectoryHandle(kConstruct, "/", "");
  }
}
define(StorageManager, "StorageManager");

module.exports = {
  FileSystemDirectoryHandle,
  FileSystemFileHandle,
  FileSystemHandle,
  StorageManager,
  internals: { __proto__: null, createStorage: () => new StorageManager(kConstruct) },
};
