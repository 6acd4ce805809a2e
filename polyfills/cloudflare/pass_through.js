"use strict";
// Requests that a worker lets pass to its global outbound: after ctx.passThroughOnException(), and when nothing handles them.
// https://developers.cloudflare.com/workers/runtime-apis/context/#passthroughonexception

const { ArrayPrototypeSlice, JSONStringify, PromisePrototypeThen } = primordials;
const { makeError } = require("core/errors");
const { async } = require("core/ops");
const { listForHost, removeFrom } = require("web/headers").internals;
const { headerListOf, isUsed } = require("web/body_state");
const { stateOf } = require("web/request").internals;
const { fetchOn } = require("web/fetch").internals;
const { Response, internals: responses } = require("web/response");
const { state: realm } = require("core/worker");
const context = require("core/context");

/** Sends a request whose body is used up without it. */
async function sendRest(state) {
  const list = ArrayPrototypeSlice(headerListOf(state));
  removeFrom(list, "content-length", 0);
  const cf = state.cf === undefined ? state.cfText : `${JSONStringify(state.cf)}`;
  const result = await async(ops.op_fetch, 0, state.method, state.url, listForHost(list), null, -1, cf);
  return responses.responseFromHost(result[0], result[1], result[2], result[3], result[4], state.url, false, null);
}

/** A promise of the global outbound's response to a request of the host. Redirects are the client's to follow. */
function toOutbound(request) {
  const state = stateOf(request);
  return isUsed(state) ? sendRest(state) : fetchOn(0, request);
}

/**
 * Answers the event of `ctx`, which has failed, from the global outbound. False: the worker has none, or did not ask for it.
 * @param {(ctx: object, response: Response) => void} respond
 */
function passThrough(ctx, respond) {
  if (!realm.outbound) return false;
  ctx.passThrough = false;
  PromisePrototypeThen(
    toOutbound(ctx.request),
    (response) => respond(ctx, response),
    () => respond(ctx, new Response(null, { __proto__: null, status: 500 })),
  );
  return true;
}

/** Host: the event of a context that may pass its request on will never have an answer. */
function onHung(id, name, message) {
  const ctx = context.get(id);
  if (ctx === undefined) return;
  context.enter(ctx);
  require("core/dispatch").fail(ctx, makeError(name, message));
}

module.exports = { toOutbound, passThrough, onHung };
