"use strict";
// The test event: `test(controller, env, ctx)` of an entrypoint, as the reference runtime's `test` command runs it. The answer says only that it has
// passed; it counts once the context has ended, so that waitUntil promises can still fail it.

const { Error, FunctionPrototypeCall, PromisePrototypeThen, PromiseResolve } = primordials;
const { define, illegalConstructor, kConstruct } = require("core/webidl");
const { endIfDone, fail } = require("core/dispatch");
const { entrypoint, construct, contextOfObject, state, kEntrypoint } = require("core/worker");

/** The first argument of a test handler. It has no members. */
class TestController {
  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
  }
}
define(TestController, "TestController");

function callTest(ctx, name) {
  const found = entrypoint(name);
  const isClass = found.kind === kEntrypoint;
  const target = isClass ? construct(found, ctx, null, []) : found.value;
  const test = isClass ? target.test : found.handlers.test;
  if (typeof test !== "function") throw new Error("Entrypoint does not export a test() function.");
  const controller = new TestController(kConstruct);
  if (isClass) return FunctionPrototypeCall(test, target, controller, undefined, undefined);
  return FunctionPrototypeCall(test, target, controller, state.env, contextOfObject(name, ctx, null, []));
}

function pass(ctx) {
  if (ctx.answered || ctx.ended) return;
  ctx.answered = true;
  ops.op_respond(ctx.id, 200, "", "", null, 0);
  endIfDone(ctx);
}

/** Host: runs the test of an entrypoint in its context `ctx`. */
function onTest(ctx, name) {
  let result;
  try {
    result = callTest(ctx, name);
  } catch (error) {
    fail(ctx, error);
    return;
  }
  PromisePrototypeThen(
    PromiseResolve(result),
    () => pass(ctx),
    (error) => fail(ctx, error),
  );
}

module.exports = { onTest };
