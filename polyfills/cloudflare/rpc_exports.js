"use strict";
// Objects of this realm that others may call: RpcTargets, functions, wrapped objects. Each belongs to a request context and has a
// number, by which the host names it. It lives as long as somebody refers to it: the host (how often it was sent and not yet
// released) or a stub of this realm.
//
// A context that serves RPC lives on after its answer while others refer to what its answers held (ctx.held), and while it keeps what
// came as arguments (ctx.imported). Any other ends with its event, whatever it has given away. The host counts the same.

const { Error, Map, MapPrototypeDelete, MapPrototypeGet, MapPrototypeSet, ReflectApply, Symbol } = primordials;
const context = require("core/context");

const SymbolDispose = Symbol.dispose;

class Export {
  sent = 0;
  local = 0;
  // Whether it has left in an answer, and so keeps the context alive.
  held = false;
  // Of a Durable Object: what it may do while the input gate is shut, as whoever has exported it.
  section;
  // The method to run when nobody refers to it any more, as it was when the object was sent.
  constructor(value, ctx) {
    this.value = value;
    if (ctx.actor !== undefined) this.section = ops.op_get_frame()?.scope?.section;
    this.dispose = value[SymbolDispose];
  }
}

let last = 0;

function add(ctx, entry) {
  ctx.exports ??= new Map();
  MapPrototypeSet(ctx.exports, ++last, entry);
  return last;
}

function find(ctx, id) {
  return ctx.exports === undefined ? undefined : MapPrototypeGet(ctx.exports, id);
}

/** The number of `value`, to which a stub of this realm refers. */
function addLocal(ctx, value) {
  const entry = new Export(value, ctx);
  entry.local = 1;
  return add(ctx, entry);
}

/** The number of `value`, which is being sent; `inAnswer` if that is the answer of a call. */
function addSent(ctx, value, inAnswer) {
  const id = add(ctx, new Export(value, ctx));
  sendAgain(ctx, id, inAnswer);
  return id;
}

/** Counts that export `id` is being sent. */
function sendAgain(ctx, id, inAnswer) {
  const entry = find(ctx, id);
  if (entry === undefined) throw new Error("RPC stub used after being disposed.");
  entry.sent++;
  if (inAnswer && ctx.isSession && !entry.held) {
    entry.held = true;
    ctx.held++;
  }
}

/** Host: of the times that it was sent, `count` are over. */
function released(id, number, count) {
  const ctx = context.get(id);
  const entry = ctx === undefined ? undefined : find(ctx, number);
  if (entry === undefined) return;
  context.enter(ctx);
  entry.sent -= count;
  if (entry.sent === 0 && entry.local === 0) drop(ctx, number, entry);
}

/** A stub of this realm no longer refers to export `number`. */
function dropLocal(ctx, number) {
  const entry = find(ctx, number);
  if (entry !== undefined && --entry.local === 0 && entry.sent === 0) drop(ctx, number, entry);
}

/** Runs a disposer, if there is one. What it throws concerns nobody else. */
function runDisposer(value, dispose) {
  if (typeof dispose !== "function") return;
  try {
    ReflectApply(dispose, value, []);
  } catch (error) {
    require("core/report").reportUncaught("exception", error);
  }
}

function drop(ctx, number, entry) {
  MapPrototypeDelete(ctx.exports, number);
  runDisposer(entry.value, entry.dispose);
  if (!entry.held) return;
  ops.op_export_dropped(ctx.id, number);
  unhold(ctx);
}

/** An answer's export that kept the context alive is gone. */
function unhold(ctx) {
  ctx.held--;
  require("core/dispatch").endIfDone(ctx);
}

/** An argument that the context kept is gone. */
function dropImport(ctx) {
  ctx.imported--;
  require("core/dispatch").endIfDone(ctx);
}

/** Host: the caller has gone; what came from it keeps the context no longer. */
function sessionEnded(id) {
  const ctx = context.get(id);
  if (ctx === undefined) return;
  ctx.disconnected = true;
  require("core/dispatch").endIfDone(ctx);
}

module.exports = { runDisposer, addLocal, addSent, sendAgain, find, released, dropLocal, unhold, dropImport, sessionEnded };
