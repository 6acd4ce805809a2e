"use strict";
// What core/dispatch asks before it delivers a message: whether any Durable Object of the realm has its input gate shut. The gates
// themselves are in cloudflare/durable_gate, which is there once one has been shut.

const gates = {
  __proto__: null,
  /** Number of gates that are shut. */
  shut: 0,
  /** Keeps a message of a kind for later: (kind, args) => whether it was kept. @type {Function} */
  keep: undefined,
};

module.exports = { gates };
