"use strict";
// The ports that servers of this isolate listen on; nothing but names by which requests find them.

const { Map, MapPrototypeDelete, MapPrototypeGet, MapPrototypeHas, MapPrototypeSet } = primordials;
const httpErrors = require.lazy("node/internal_http_errors");

const kFirstEphemeral = 49152;
const servers = new Map();

/** Takes a port for `handler`, 0 for any; returns its number. Throws EADDRINUSE. */
function bind(host, port, handler) {
  if (port === 0) port = ephemeral();
  if (port === 0 || MapPrototypeHas(servers, port)) throw new (httpErrors().EADDRINUSE)(host, port);
  MapPrototypeSet(servers, port, handler);
  return port;
}

function ephemeral() {
  for (let port = kFirstEphemeral; port <= 65535; port++) if (!MapPrototypeHas(servers, port)) return port;
  return 0;
}

/** Gives a port back. */
function release(port) {
  MapPrototypeDelete(servers, port);
}

/** The handler on a port: { fetch(request, env, ctx) }, or undefined. */
function handlerAt(port) {
  return MapPrototypeGet(servers, port);
}

module.exports = { bind, handlerAt, release };
