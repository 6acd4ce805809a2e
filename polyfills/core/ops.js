"use strict";
// Calls into Go that ride the turn's outbox. A promise id is an index into `pending`; Go settles each exactly once.

const { Promise } = primordials;
const { requireContext } = require("core/context");
const { makeError } = require("core/errors");
const { gates } = require("core/gate");

// Slots of outstanding promises: settlers at an index, or the next free index as a number.
const pending = [0];
let free = 0;
let slot;

const capture = (resolve, reject) => {
  slot = { resolve, reject };
};

/**
 * Starts an async op of the current context. The result arrives with a later turn.
 * @param {Function} op one of `ops` with kind async
 * @returns {Promise<any>} what Go answered
 */
function async(op, ...args) {
  return asyncIn(requireContext(), op, ...args);
}

/** async() on behalf of a given context. */
function asyncIn(context, op, ...args) {
  const promise = new Promise(capture);
  op(context.id, hold(slot), ...args);
  return promise;
}

/**
 * async() that can be given up.
 * @returns {{ promise: Promise<any>, context: object, id: number, settlers: object }} for giveUp()
 */
function abortable(op, ...args) {
  const context = requireContext();
  const promise = new Promise(capture);
  const settlers = slot;
  const id = hold(settlers);
  op(context.id, id, ...args);
  return { promise, context, id, settlers };
}

/** Tells Go (`op` is op_fetch_abort) that nobody waits for `call` any more. Once the other side has heard it the promise is rejected; nothing if it is settled. */
function giveUp(call, op, reason) {
  const { settlers } = call;
  if (pending[call.id] !== settlers) return;
  const reject = () => settlers.reject(reason);
  pending[call.id] = { resolve: reject, reject };
  op(call.context.id, call.id);
}

/** Reserves a promise id for `{ resolve, reject }`. */
function hold(settlers) {
  let id = free;
  if (id === 0) {
    id = pending.length;
  } else {
    free = pending[id];
  }
  pending[id] = settlers;
  if (gates.shut !== 0) settlers.section = ops.op_get_frame()?.scope?.section;
  return id;
}

/** The section of an input gate in which promise `id` was started, see cloudflare/durable_gate; undefined if it was in none. */
function sectionOf(id) {
  return pending[id].section;
}

/** Gives a promise id up; a late answer of Go to it is ignored by Go, which was told. */
function release(id) {
  const settlers = pending[id];
  pending[id] = free;
  free = id;
  return settlers;
}

/**
 * Settles promise `id`: called for each Complete message. Failures carry class name and message, and from a worker the error
 * itself: as bytes or null if it was another worker's, as an array around those if it is this worker's own. A true at the end says that it
 * has reset a Durable Object.
 */
function complete(id, ok, args) {
  const settlers = release(id);
  if (ok) settlers.resolve(args[0]);
  else if (args[3]) settlers.reject(require("cloudflare/rpc_codec").receiveReset(args[0], args[1], args[2]));
  else if (args[2] !== undefined && settlers.rejectLater !== undefined) settlers.rejectLater(() => require("cloudflare/rpc_codec").receiveError(args[0], args[1], args[2]));
  else if (args[2] !== undefined) settlers.reject(require("cloudflare/rpc_codec").receiveError(args[0], args[1], args[2]));
  else settlers.reject(makeError(args[0], args[1]));
}

/** Runs an op that has no answer, for the current context (0 in global scope). */
function send(op, ...args) {
  const context = ops.op_get_frame()?.context;
  op(context === undefined ? 0 : context.id, ...args);
}

module.exports = { async, asyncIn, abortable, giveUp, hold, release, sectionOf, complete, send };
