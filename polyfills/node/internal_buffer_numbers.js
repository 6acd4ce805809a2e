"use strict";
// Numbers in buffers: buf.readXyz and buf.writeXyz. https://nodejs.org/docs/latest-v22.x/api/buffer.html#bufreadbigint64beoffset
// They work on whatever has bytes at indices. The common case is one comparison per argument; which error it is, is found out afterwards.

const {
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
  MathFloor,
  ObjectKeys,
  StringPrototypeIncludes,
  StringPrototypeReplaceAll,
  TypedArrayPrototypeGetBuffer,
  Uint8Array,
} = primordials;
const errors = require.lazy("node/internal_errors");
const { validateInteger } = require("node/internal_validators");

const bytes = new Uint8Array(8);
const scratch = TypedArrayPrototypeGetBuffer(bytes);
const float32 = new Float32Array(scratch, 0, 1);
const float64 = new Float64Array(scratch);
const int64 = new BigInt64Array(scratch);
const uint64 = new BigUint64Array(scratch);

/** Throws for an index, or a number of bytes (`type` "byteLength"), that is not from `type ? 1 : 0` to `max`. */
function boundsError(value, max, type) {
  if (MathFloor(value) !== value) throw new (errors().ERR_OUT_OF_RANGE)(type ?? "offset", "an integer", value);
  if (max < 0) throw new (errors().ERR_BUFFER_OUT_OF_BOUNDS)();
  throw new (errors().ERR_OUT_OF_RANGE)(type ?? "offset", `>= ${type === undefined ? 0 : 1} and <= ${max}`, value);
}

// `n` bytes from `offset` on are not all there.
function badOffset(buf, offset, n) {
  validateInteger(offset, "offset", 0, buf.length);
  boundsError(offset, buf.length - n);
}

function checkRead(buf, offset, n) {
  if (typeof offset !== "number" || buf[offset] === undefined || buf[offset + n - 1] === undefined) badOffset(buf, offset, n);
}

// Reading.

function readLE(buf, offset, n) {
  checkRead(buf, offset, n);
  let value = 0;
  for (let i = n - 1; i >= 0; i--) value = value * 256 + buf[offset + i];
  return value;
}

function readBE(buf, offset, n) {
  checkRead(buf, offset, n);
  let value = 0;
  for (let i = 0; i < n; i++) value = value * 256 + buf[offset + i];
  return value;
}

// The value of `n` bytes in two's complement.
function signed(value, n) {
  const half = 2 ** (8 * n - 1);
  return value >= half ? value - 2 * half : value;
}

function checkLength(offset, byteLength) {
  if (offset === undefined) throw new (errors().ERR_INVALID_ARG_TYPE)("offset", "number", offset);
  checkCount(byteLength);
}

function checkCount(n) {
  if (n !== 1 && n !== 2 && n !== 3 && n !== 4 && n !== 5 && n !== 6) boundsError(n, 6, "byteLength");
}

function fetchLE(buf, offset, n) {
  checkRead(buf, offset, n);
  for (let i = 0; i < n; i++) bytes[i] = buf[offset + i];
}

function fetchBE(buf, offset, n) {
  checkRead(buf, offset, n);
  for (let i = 0; i < n; i++) bytes[i] = buf[offset + n - 1 - i];
}

// Writing.

// Why a value cannot be written.
function badWrite(buf, value, offset, n, min, max) {
  validateInteger(offset, "offset", 0, buf.length);
  checkRange(value, n, min, max);
  boundsError(offset, buf.length - n);
}

function checkRange(value, n, min, max) {
  if (!(value > max || value < min)) return;
  let range = `>= ${min} and <= ${max}`;
  if (n > 4) range = min === 0 ? `>= 0 and < 2 ** ${8 * n}` : `>= -(2 ** ${8 * n - 1}) and < 2 ** ${8 * n - 1}`;
  throw new (errors().ERR_OUT_OF_RANGE)("value", range, value);
}

function checkWrite(buf, value, offset, n, min, max) {
  if (typeof offset !== "number" || value > max || value < min || buf[offset] === undefined || buf[offset + n - 1] === undefined) {
    badWrite(buf, value, offset, n, min, max);
  }
}

function writeLE(buf, value, offset, n, min, max) {
  value = +value;
  checkWrite(buf, value, offset, n, min, max);
  const low = value >>> 0;
  const high = n > 4 ? MathFloor(value * 2 ** -32) : 0;
  for (let i = 0; i < n; i++) buf[offset + i] = i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4));
  return offset + n;
}

function writeBE(buf, value, offset, n, min, max) {
  value = +value;
  checkWrite(buf, value, offset, n, min, max);
  const low = value >>> 0;
  const high = n > 4 ? MathFloor(value * 2 ** -32) : 0;
  for (let i = 0; i < n; i++) buf[offset + n - 1 - i] = i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4));
  return offset + n;
}

function maxOf(n) {
  return 2 ** (8 * n) - 1;
}

// The largest number with a sign.
function topOf(n) {
  return 2 ** (8 * n - 1) - 1;
}

function storeLE(buf, offset, n) {
  for (let i = 0; i < n; i++) buf[offset + i] = bytes[i];
  return offset + n;
}

function storeBE(buf, offset, n) {
  for (let i = 0; i < n; i++) buf[offset + n - 1 - i] = bytes[i];
  return offset + n;
}

function checkBig(buf, value, offset, min, max) {
  if (value > max || value < min) {
    const range = min === 0n ? ">= 0n and < 2n ** 64n" : ">= -(2n ** 63n) and < 2 ** 63n";
    throw new (errors().ERR_OUT_OF_RANGE)("value", range, value);
  }
  checkRead(buf, offset, 8);
  uint64[0] = ((value >> 32n) << 32n) | (value & 0xffffffffn);
}

const readers = {
  readUIntLE(offset, byteLength) {
    checkLength(offset, byteLength);
    return readLE(this, offset, byteLength);
  },
  readUIntBE(offset, byteLength) {
    checkLength(offset, byteLength);
    return readBE(this, offset, byteLength);
  },
  readIntLE(offset, byteLength) {
    checkLength(offset, byteLength);
    return signed(readLE(this, offset, byteLength), byteLength);
  },
  readIntBE(offset, byteLength) {
    checkLength(offset, byteLength);
    return signed(readBE(this, offset, byteLength), byteLength);
  },
  readUInt8(offset = 0) {
    checkRead(this, offset, 1);
    return this[offset];
  },
  readUInt16LE(offset = 0) {
    checkRead(this, offset, 2);
    return this[offset] + this[offset + 1] * 256;
  },
  readUInt16BE(offset = 0) {
    checkRead(this, offset, 2);
    return this[offset] * 256 + this[offset + 1];
  },
  readUInt32LE(offset = 0) {
    checkRead(this, offset, 4);
    return (this[offset] | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (this[offset + 3] << 24)) >>> 0;
  },
  readUInt32BE(offset = 0) {
    checkRead(this, offset, 4);
    return ((this[offset] << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | this[offset + 3]) >>> 0;
  },
  readInt8(offset = 0) {
    checkRead(this, offset, 1);
    return (this[offset] << 24) >> 24;
  },
  readInt16LE(offset = 0) {
    checkRead(this, offset, 2);
    return ((this[offset] << 16) | (this[offset + 1] << 24)) >> 16;
  },
  readInt16BE(offset = 0) {
    checkRead(this, offset, 2);
    return ((this[offset] << 24) | (this[offset + 1] << 16)) >> 16;
  },
  readInt32LE(offset = 0) {
    checkRead(this, offset, 4);
    return this[offset] | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (this[offset + 3] << 24);
  },
  readInt32BE(offset = 0) {
    checkRead(this, offset, 4);
    return (this[offset] << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | this[offset + 3];
  },
  readBigUInt64LE(offset = 0) {
    fetchLE(this, offset >>> 0, 8);
    return uint64[0];
  },
  readBigUInt64BE(offset = 0) {
    fetchBE(this, offset >>> 0, 8);
    return uint64[0];
  },
  readBigInt64LE(offset = 0) {
    fetchLE(this, offset >>> 0, 8);
    return int64[0];
  },
  readBigInt64BE(offset = 0) {
    fetchBE(this, offset >>> 0, 8);
    return int64[0];
  },
  readFloatLE(offset = 0) {
    fetchLE(this, offset, 4);
    return float32[0];
  },
  readFloatBE(offset = 0) {
    fetchBE(this, offset, 4);
    return float32[0];
  },
  readDoubleLE(offset = 0) {
    fetchLE(this, offset, 8);
    return float64[0];
  },
  readDoubleBE(offset = 0) {
    fetchBE(this, offset, 8);
    return float64[0];
  },
};

const kMaxBig = 0xffffffffffffffffn;
const kTopBig = 0x7fffffffffffffffn;

const writers = {
  writeUIntLE(value, offset, byteLength) {
    checkCount(byteLength);
    return writeLE(this, value, offset, byteLength, 0, maxOf(byteLength));
  },
  writeUIntBE(value, offset, byteLength) {
    checkCount(byteLength);
    return writeBE(this, value, offset, byteLength, 0, maxOf(byteLength));
  },
  writeIntLE(value, offset, byteLength) {
    checkCount(byteLength);
    return writeLE(this, value, offset, byteLength, -topOf(byteLength) - 1, topOf(byteLength));
  },
  writeIntBE(value, offset, byteLength) {
    checkCount(byteLength);
    return writeBE(this, value, offset, byteLength, -topOf(byteLength) - 1, topOf(byteLength));
  },
  writeUInt8(value, offset = 0) {
    return writeLE(this, value, offset, 1, 0, 0xff);
  },
  writeUInt16LE(value, offset = 0) {
    return writeLE(this, value, offset, 2, 0, 0xffff);
  },
  writeUInt16BE(value, offset = 0) {
    return writeBE(this, value, offset, 2, 0, 0xffff);
  },
  writeUInt32LE(value, offset = 0) {
    return writeLE(this, value, offset, 4, 0, 0xffffffff);
  },
  writeUInt32BE(value, offset = 0) {
    return writeBE(this, value, offset, 4, 0, 0xffffffff);
  },
  writeInt8(value, offset = 0) {
    return writeLE(this, value, offset, 1, -0x80, 0x7f);
  },
  writeInt16LE(value, offset = 0) {
    return writeLE(this, value, offset, 2, -0x8000, 0x7fff);
  },
  writeInt16BE(value, offset = 0) {
    return writeBE(this, value, offset, 2, -0x8000, 0x7fff);
  },
  writeInt32LE(value, offset = 0) {
    return writeLE(this, value, offset, 4, -0x80000000, 0x7fffffff);
  },
  writeInt32BE(value, offset = 0) {
    return writeBE(this, value, offset, 4, -0x80000000, 0x7fffffff);
  },
  writeBigUInt64LE(value, offset = 0) {
    checkBig(this, value, offset, 0n, kMaxBig);
    return storeLE(this, offset, 8);
  },
  writeBigUInt64BE(value, offset = 0) {
    checkBig(this, value, offset, 0n, kMaxBig);
    return storeBE(this, offset, 8);
  },
  writeBigInt64LE(value, offset = 0) {
    checkBig(this, value, offset, -kTopBig - 1n, kTopBig);
    return storeLE(this, offset, 8);
  },
  writeBigInt64BE(value, offset = 0) {
    checkBig(this, value, offset, -kTopBig - 1n, kTopBig);
    return storeBE(this, offset, 8);
  },
  writeFloatLE(value, offset) {
    value = +value;
    if (offset === undefined) offset = 0;
    checkRead(this, offset, 4);
    float32[0] = value;
    return storeLE(this, offset, 4);
  },
  writeFloatBE(value, offset) {
    value = +value;
    if (offset === undefined) offset = 0;
    checkRead(this, offset, 4);
    float32[0] = value;
    return storeBE(this, offset, 4);
  },
  writeDoubleLE(value, offset) {
    value = +value;
    if (offset === undefined) offset = 0;
    checkRead(this, offset, 8);
    float64[0] = value;
    return storeLE(this, offset, 8);
  },
  writeDoubleBE(value, offset) {
    value = +value;
    if (offset === undefined) offset = 0;
    checkRead(this, offset, 8);
    float64[0] = value;
    return storeBE(this, offset, 8);
  },
};

/** Puts the methods on a prototype, those of unsigned numbers under both of their names. */
function install(proto) {
  installFrom(proto, readers);
  installFrom(proto, writers);
}

function installFrom(proto, methods) {
  const names = ObjectKeys(methods);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    proto[name] = methods[name];
    if (StringPrototypeIncludes(name, "UInt")) proto[StringPrototypeReplaceAll(name, "UInt", "Uint")] = methods[name];
  }
}

module.exports = { install };
