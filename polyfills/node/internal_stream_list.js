"use strict";
// Takes data out of what a Readable has buffered: bytes, text, or objects.

const { ArrayPrototypeSplice, TypedArrayPrototypeSet } = primordials;
const { Buffer } = require("node/internal_buffer");
const { kObjectMode, kState } = require("node/internal_stream_state");
const { kDecoder } = require("node/internal_stream_readable_state");

// Slots of chunks that are read before the list is cut.
const kMaxReadSlots = 1024;

// Everything there is, in one piece.
function takeAll(state, isText) {
  const list = state.buffer;
  let index = state.bufferIndex;
  const count = list.length - index;
  state.bufferIndex = list.length;
  if (!isText && count === 1) return list[index];
  if (!isText && count === 0) return Buffer.alloc(0);
  let result = isText ? "" : Buffer.allocUnsafe(state.length);
  for (let at = 0; index < list.length; index++) {
    if (isText) {
      result += list[index];
    } else {
      TypedArrayPrototypeSet(result, list[index], at);
      at += list[index].length;
    }
  }
  return result;
}

// The first n bytes or characters, which are more than the first chunk.
function takeAcross(n, state, isText) {
  const list = state.buffer;
  let result = isText ? "" : Buffer.allocUnsafe(n);
  let taken = 0;
  while (taken < n && state.bufferIndex < list.length) {
    const chunk = list[state.bufferIndex];
    const whole = chunk.length <= n - taken;
    const part = whole ? chunk : chunk.slice(0, n - taken);
    if (isText) result += part;
    else TypedArrayPrototypeSet(result, part, taken);
    taken += part.length;
    if (whole) list[state.bufferIndex++] = null;
    else list[state.bufferIndex] = chunk.slice(part.length);
  }
  return result;
}

/** Takes n bytes or characters (0: all) or one object out of the buffer of a ReadableState; its `length` is left to the caller. */
function fromList(n, state) {
  if (state.length === 0) return null;
  const list = state.buffer;
  const first = list[state.bufferIndex];
  const isText = (state[kState] & kDecoder) !== 0;
  let result;
  if ((state[kState] & kObjectMode) !== 0) {
    result = first;
    list[state.bufferIndex++] = null;
  } else if (!n || n >= state.length) {
    result = takeAll(state, isText);
  } else if (n < first.length) {
    result = first.slice(0, n);
    list[state.bufferIndex] = first.slice(n);
  } else if (n === first.length) {
    result = first;
    list[state.bufferIndex++] = null;
  } else {
    result = takeAcross(n, state, isText);
  }
  if (state.bufferIndex === list.length) {
    list.length = 0;
    state.bufferIndex = 0;
  } else if (state.bufferIndex > kMaxReadSlots) {
    ArrayPrototypeSplice(list, 0, state.bufferIndex);
    state.bufferIndex = 0;
  }
  return result;
}

module.exports = { fromList };
