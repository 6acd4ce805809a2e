"use strict";
// Workers in service-worker format: addEventListener("fetch", event => event.respondWith(...)).

const { Error } = primordials;

/** Fires a fetch event; the response, or a promise of it. */
function dispatchFetch(ctx, request) {
  const { createFetchEvent, dispatchEvent } = require("web/event").internals;
  const { waitUntil } = require("cloudflare/execution_context");
  let answer;
  const event = createFetchEvent(request, {
    respondWith(value) {
      answer = { value };
    },
    waitUntil: (promise) => waitUntil(ctx, promise),
    passThroughOnException() {
      ctx.passThrough = true;
    },
  });
  dispatchEvent(globalThis, event);
  if (answer === undefined) throw new Error("The fetch event listener did not call respondWith().");
  return answer.value;
}

module.exports = { dispatchFetch };
