"use strict";
// What the virtual file system is made of: directories, files, devices and symbolic links; and its errors.

const {
  Error,
  Map,
  MathMax,
  MathMin,
  TypedArrayPrototypeFill,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSlice,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;

const kMaxFile = 134217728;
const kNoBytes = new Uint8Array(0);

const kTexts = {
  __proto__: null,
  EBADF: "bad file descriptor",
  EEXIST: "file already exists",
  EINVAL: "invalid argument",
  EISDIR: "illegal operation on a directory",
  ELOOP: "symlink depth exceeded",
  ENAMETOOLONG: "name too long",
  EMFILE: "too many open files",
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  EPERM: "operation not permitted",
};

/** An error of the file system; a text of its own tells nothing of the path. */
function failure(code, syscall, path = undefined, text = undefined) {
  const message = text ?? (path === undefined ? kTexts[code] : `${kTexts[code]}, ${syscall} '${path}'`);
  const error = new Error(message);
  error.syscall = syscall;
  error.code = code;
  if (path !== undefined) error.path = path;
  return error;
}

class Directory {
  type = "directory";
  entries = new Map();
  modified = 0n;
  writable;
  constructor(writable) {
    this.writable = writable;
  }
  get size() {
    return 0;
  }
}

class Link {
  type = "symlink";
  modified = 0n;
  writable = false;
  target;
  constructor(target) {
    this.target = target;
  }
  get size() {
    return 0;
  }
}

class File {
  type = "file";
  modified = 0n;
  writable;
  #data;
  #size;
  constructor(writable, data = kNoBytes) {
    this.writable = writable;
    this.#data = data;
    this.#size = data.length;
  }
  get size() {
    return this.#size;
  }
  readAll() {
    return TypedArrayPrototypeSlice(this.#data, 0, this.#size);
  }
  /** Copies from a place to a view; gives how many bytes there were. */
  read(position, view) {
    const n = MathMax(0, MathMin(view.length, this.#size - position));
    if (n > 0) TypedArrayPrototypeSet(view, TypedArrayPrototypeSubarray(this.#data, position, position + n));
    return n;
  }
  write(position, bytes, syscall) {
    const end = position + bytes.length;
    if (end > kMaxFile) throw failure("EPERM", syscall, undefined, "File size limit exceeded");
    this.#reserve(end);
    TypedArrayPrototypeSet(this.#data, bytes, position);
    this.#size = MathMax(this.#size, end);
    return bytes.length;
  }
  resize(size, syscall) {
    if (size > kMaxFile) throw failure("EPERM", syscall, undefined, "File size limit exceeded");
    this.#reserve(size);
    if (size < this.#size) TypedArrayPrototypeFill(this.#data, 0, size, this.#size);
    this.#size = size;
  }
  #reserve(size) {
    if (size <= this.#data.length) return;
    const grown = new Uint8Array(MathMin(kMaxFile, MathMax(size, this.#data.length * 2)));
    TypedArrayPrototypeSet(grown, TypedArrayPrototypeSubarray(this.#data, 0, this.#size));
    this.#data = grown;
  }
}

// A module's file; its bytes are fetched when somebody wants them.
class ModuleFile {
  type = "file";
  modified = 0n;
  writable = false;
  size;
  #index;
  constructor(index, size) {
    this.#index = index;
    this.size = size;
  }
  readAll() {
    return ops.op_bundle_read(this.#index);
  }
  read(position, view) {
    const part = TypedArrayPrototypeSubarray(this.readAll(), position, position + view.length);
    TypedArrayPrototypeSet(view, part);
    return part.length;
  }
}

class Device {
  type = "file";
  device = true;
  modified = 0n;
  writable = true;
  size = 0;
  #name;
  constructor(name) {
    this.#name = name;
  }
  readAll() {
    return new Uint8Array(0);
  }
  read(_position, view) {
    if (this.#name === "null") return 0;
    if (this.#name === "random") ops.op_random_fill(view);
    else TypedArrayPrototypeFill(view, 0);
    return view.length;
  }
  write(_position, bytes, syscall) {
    if (this.#name === "full") throw failure("EPERM", syscall);
    return bytes.length;
  }
  resize() {}
}

const kMaxPrinted = 16384;

// The files 0, 1 and 2: there is nothing to read, and what is written is printed.
class Stdio {
  type = "file";
  fixed = true;
  modified = 0n;
  writable = true;
  size = 0;
  #fd;
  constructor(fd) {
    this.#fd = fd;
  }
  readAll() {
    return new Uint8Array(0);
  }
  read() {
    return 0;
  }
  write(_position, bytes) {
    const taken = bytes.length > kMaxPrinted ? TypedArrayPrototypeSubarray(bytes, 0, kMaxPrinted) : bytes;
    if (this.#fd !== 0) require("node/internal_stdio_lines").print(this.#fd, taken);
    return taken.length;
  }
  resize(_size, syscall) {
    throw failure("EPERM", syscall);
  }
}

module.exports = { Stdio, Device, Directory, File, Link, ModuleFile, failure, kTexts };
