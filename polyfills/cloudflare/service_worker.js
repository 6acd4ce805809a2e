"use strict";
// Workers in service-worker format: addEventListener("fetch", event => event.respondWith(...)).
// https://developers.cloudflare.com/workers/reference/migrate-to-module-workers/

const { Error } = primordials;
const { platformError } = require("core/errors");

/**
 * Fires a fetch event. If no listener responds, the request goes on to where the worker's own fetch() would go.
 * @returns the response, or a promise of it
 */
function dispatchFetch(ctx, request) {
  const { createFetchEvent, dispatchEvent } = require("web/event").internals;
  const { waitUntil, passThroughOnException } = require("cloudflare/execution_context");
  let answer;
  const event = createFetchEvent(request, {
    respondWith(value) {
      answer = { value };
    },
    waitUntil: (promise) => waitUntil(ctx, promise),
    passThroughOnException: () => passThroughOnException(ctx),
  });
  const proceed = dispatchEvent(globalThis, event);
  if (answer !== undefined) return answer.value;
  // A listener that prevents the default and gives no response leaves the client without one.
  if (!proceed) throw platformError(new Error("Network connection lost."));
  return require("cloudflare/pass_through").toOutbound(request);
}

module.exports = { dispatchFetch };
