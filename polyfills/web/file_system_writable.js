"use strict";
// FileSystemWritableFileStream: what is written goes into a copy, which takes the file's place when the stream is closed.
// https://fs.spec.whatwg.org/#api-filesystemwritablefilestream

const { TypeError } = primordials;
const { bytesOf, define, fieldError, illegalConstructor, isBufferSource, isObject, kConstruct, toDOMString, toUnsignedLong } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");
const { Strategy } = require("web/streams_strategy");
const { Sink, Writable, WritableController } = require("web/streams_writable_core");
const { WritableStream, internals: { isLocked } } = require("web/streams_writable");
const { isBlob, dataOf } = require("web/blob").internals;
const { File } = require("node/internal_fs_nodes");
const tree = require("node/internal_fs_tree");

const kParams = "FileSystemFileWriteParams";

/** The bytes of a Blob, a buffer source or a text; undefined of any other value. */
function contentOf(value) {
  if (isBlob(value)) return dataOf(value).bytes;
  if (isBufferSource(value)) return bytesOf(value);
  return isObject(value) ? undefined : ops.op_utf8_encode(toDOMString(value));
}

/** https://fs.spec.whatwg.org/#dictdef-writeparams, converted; absent members are undefined. */
function convertParams(value) {
  const { type, size, position, data } = value;
  if (type === undefined) throw fieldError("type", kParams, "string");
  return {
    __proto__: null,
    type: toDOMString(type),
    size: size === undefined ? undefined : toUnsignedLong(size),
    position: position === undefined ? undefined : toUnsignedLong(position),
    data,
  };
}

/** The copy that is written to, which is the stream's sink. */
class FileSink extends Sink {
  #path;
  /** Undefined once it is closed. @type {File | undefined} */
  #copy;
  #position = 0;
  /** attempt, lock and unlock of web/file_system. */
  #system;
  constructor(path, bytes, system) {
    super();
    this.#path = path;
    this.#copy = new File(true, bytes);
    this.#system = system;
    system.lock(path);
  }

  write(value) {
    this.#open("write");
    const content = contentOf(value);
    if (content === undefined) this.#perform(convertParams(value));
    else this.#put(this.#position, content);
  }

  #perform(params) {
    if (params.type === "write") {
      if (params.data === null) throw new TypeError("write() requires a non-null data parameter");
      if (params.data === undefined) throw makeError("SyntaxError", "write() requires a non-null data parameter");
      const content = contentOf(params.data);
      if (content === undefined) throw fieldError("data", kParams, "Blob or BufferSource or string");
      this.#put(params.position ?? this.#position, content);
    } else if (params.type === "seek") {
      if (params.position === undefined) throw makeError("SyntaxError", "seek() requires a position parameter");
      this.seek(params.position);
    } else if (params.type === "truncate") {
      if (params.size === undefined) throw makeError("SyntaxError", "truncate() requires a size parameter");
      this.truncate(params.size);
    } else {
      throw new TypeError(`Invalid write type: ${params.type}`);
    }
  }

  #put(position, bytes) {
    this.#system.attempt(() => this.#copy.write(position, bytes, "write"));
    this.#position = position + bytes.length;
  }

  seek(position) {
    const copy = this.#open("seek");
    if (position > copy.size) this.#system.attempt(() => copy.resize(position, "seek"));
    this.#position = position;
  }

  truncate(size) {
    const copy = this.#open("seek");
    this.#system.attempt(() => copy.resize(size, "truncate"));
    if (this.#position > size) this.#position = size;
  }

  #open(method) {
    if (this.#copy === undefined) throw new TypeError(`${method}() after closed`);
    return this.#copy;
  }

  close() {
    const copy = this.#copy;
    this.#end();
    this.#system.attempt(() => tree.writeAll(this.#path, copy.readAll(), false, false));
  }

  abort() {
    this.#end();
  }

  #end() {
    if (this.#copy === undefined) return;
    this.#copy = undefined;
    this.#position = 0;
    this.#system.unlock(this.#path);
  }
}

class FileSystemWritableFileStream extends WritableStream {
  /** @type {FileSink} */
  #sink;
  constructor(token = undefined, core = undefined, sink = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    super(kConstruct, core);
    this.#sink = sink;
  }

  async write(data) {
    if (!(#sink in this)) throw illegalInvocation();
    if (isLocked(this)) throw new TypeError("Cannot write to a stream that is locked to a reader");
    this.#sink.write(data);
  }

  async seek(position) {
    if (!(#sink in this)) throw illegalInvocation();
    this.#sink.seek(toUnsignedLong(position));
  }

  async truncate(size) {
    if (!(#sink in this)) throw illegalInvocation();
    this.#sink.truncate(toUnsignedLong(size));
  }
}
define(FileSystemWritableFileStream, "FileSystemWritableFileStream");

/** A stream to the file at a path, which begins with `bytes`. */
function open(path, bytes, system) {
  const sink = new FileSink(path, bytes, system);
  const core = new Writable();
  new WritableController(core, sink, new Strategy(1, undefined)).start();
  return new FileSystemWritableFileStream(kConstruct, core, sink);
}

module.exports = { FileSystemWritableFileStream, open };
