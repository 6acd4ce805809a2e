"use strict";
// FileHandle. https://nodejs.org/docs/latest-v22.x/api/fs.html#class-filehandle

const { ArrayBufferIsView, TypeError } = primordials;
const { EventEmitter } = require("node/events");
const sync = require("node/internal_fs_sync");
const { ERR_EBADF, addDisposal } = require("node/internal_fs_checks");
const { ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
const { validateBoolean, validateObject } = require("node/internal_validators");
const { ReadableStream } = require("web/streams_readable");

const kBadge = {};

class FileHandle extends EventEmitter {
  #fd;

  constructor(badge, fd) {
    if (badge !== kBadge) throw new TypeError("Illegal constructor");
    super();
    this.#fd = fd;
  }

  #open(syscall) {
    if (this.#fd === undefined) throw new ERR_EBADF(syscall);
    return this.#fd;
  }

  get fd() {
    return this.#fd;
  }

  async appendFile(data, options = {}) {
    sync.appendFileSync(this.#open("appendFile"), data, options);
  }

  async chmod(mode) {
    sync.fchmodSync(this.#open("fchmod"), mode);
  }

  async chown(uid, gid) {
    sync.fchownSync(this.#open("fchown"), uid, gid);
  }

  async datasync() {
    sync.fdatasyncSync(this.#open("datasync"));
  }

  async sync() {
    sync.fsyncSync(this.#open("sync"));
  }

  async read(buffer, offset, length, position = null) {
    let target = buffer;
    let options = offset;
    if (!ArrayBufferIsView(buffer)) {
      if (buffer !== undefined && (typeof buffer !== "object" || buffer === null)) {
        throw new ERR_INVALID_ARG_TYPE("buffer", ["Buffer", "TypedArray", "DataView"], buffer);
      }
      options = buffer ?? {};
      target = options.buffer ?? require("node/internal_buffer").Buffer.alloc(16384);
    }
    return { bytesRead: sync.readSync(this.#open("read"), target, options ?? {}, length, position), buffer: target };
  }

  async readv(buffers, position = null) {
    return { bytesRead: sync.readvSync(this.#open("readv"), buffers, position), buffers };
  }

  async readFile(options = {}) {
    return sync.readFileSync(this.#open("readFile"), options);
  }

  async stat(options = {}) {
    return sync.fstatSync(this.#open("fstat"), options);
  }

  async truncate(len = 0) {
    sync.ftruncateSync(this.#open("ftruncate"), len);
  }

  async utimes(atime, mtime) {
    sync.futimesSync(this.#open("futimes"), atime, mtime);
  }

  async write(buffer, offset, length, position) {
    return { bytesWritten: sync.writeSync(this.#open("write"), buffer, offset, length, position), buffer };
  }

  async writev(buffers, position = null) {
    return { bytesWritten: sync.writevSync(this.#open("writev"), buffers, position), buffers };
  }

  async writeFile(data, options = {}) {
    sync.writeFileSync(this.#open("writeFile"), data, options);
  }

  async close() {
    if (this.#fd === undefined) return;
    sync.closeSync(this.#fd);
    this.#fd = undefined;
    // Who has just made a stream that closes it may listen yet.
    await undefined;
    this.emit("close");
  }

  createReadStream(options = {}) {
    return new (require("node/internal_fs_streams").ReadStream)(undefined, { ...options, fd: this });
  }

  readableWebStream(options = {}) {
    this.#open("stat");
    validateObject(options, "options");
    const { autoClose = true } = options;
    validateBoolean(autoClose, "options.autoClose");
    return new ReadableStream({
      type: "bytes",
      autoAllocateChunkSize: 16384,
      pull: async (controller) => {
        const { view } = controller.byobRequest;
        // A closed file has come to its end.
        const n = this.#fd === undefined ? 0 : sync.readSync(this.#fd, view, 0, view.byteLength, null);
        if (n === 0) {
          if (autoClose) await this.close();
          controller.close();
        }
        controller.byobRequest.respond(n);
      },
      cancel: () => (autoClose ? this.close() : undefined),
    });
  }

  createWriteStream(options = {}) {
    return new (require("node/internal_fs_streams").WriteStream)(undefined, { ...options, fd: this });
  }
}
addDisposal(FileHandle, function () {
  return this.close();
});

function makeHandle(fd) {
  return new FileHandle(kBadge, fd);
}

module.exports = { FileHandle, makeHandle };
