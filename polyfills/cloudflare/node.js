"use strict";
// The module cloudflare:node: how requests come to servers of node:http, and connections to servers of node:net.
// https://developers.cloudflare.com/workers/runtime-apis/nodejs/http/

const { Error, NumberIsFinite, ObjectAssign } = primordials;
const { handlerAt } = require("node/internal_http_ports");

function checkPort(port) {
  if (!NumberIsFinite(port) || port < 0 || port > 65535) throw new Error("Failed to determine port for server");
  return port;
}

/** The answer of the server that listens on a port, given as a number or `{ port }`. */
async function handleAsNodeRequest(desc, request, env, ctx) {
  const port = checkPort(typeof desc === "number" ? desc : desc?.port);
  const server = handlerAt(port);
  if (server?.fetch === undefined) {
    const text = `Http server with port ${port} not found. This is likely a bug with your code. You should check if server.listen() was called with the same port (${port})`;
    throw ObjectAssign(new Error(text), { code: "ERR_INVALID_ARG_VALUE" });
  }
  return await server.fetch(request, env, ctx);
}

// That of a server which does not listen yet is found by letting it.
function portOf(desc) {
  if (typeof desc === "number") return desc;
  if (desc === undefined || desc === null) throw new Error("Server descriptor cannot be null or undefined");
  const { port } = desc;
  if ((port !== undefined && port !== null) || typeof desc.listen !== "function") return typeof port === "number" ? port : null;
  let bound = desc.address()?.port;
  if (typeof bound !== "number") {
    desc.listen();
    bound = desc.address()?.port;
  }
  return typeof bound === "number" ? bound : null;
}

/** A fetch handler for a server, a port, or `{ port }`. */
function httpServerHandler(desc) {
  const port = checkPort(portOf(desc));
  return {
    async fetch(request, env, ctx) {
      return await handleAsNodeRequest({ port }, request, env, ctx);
    },
  };
}

/** Brings a connection to the net.Server that listens on its port; it is over when the promise settles. */
async function handleAsNodeConnection(socket, env, ctx) {
  const { localAddress } = await socket.opened;
  const { port } = require("node/internal_net_server").splitAddress(localAddress);
  const server = handlerAt(port);
  if (server?.connect === undefined) {
    const text = `No net.Server is listening on port ${port}. Call server.listen(${port}) to accept connections arriving on that port.`;
    throw ObjectAssign(new Error(text), { code: "ERR_INVALID_ARG_VALUE" });
  }
  await server.connect(socket, env, ctx);
}

/** A connect handler for all servers of node:net. */
function connectHandler() {
  return {
    async connect(socket, env, ctx) {
      await handleAsNodeConnection(socket, env, ctx);
    },
  };
}

module.exports = { connectHandler, handleAsNodeConnection, handleAsNodeRequest, httpServerHandler };
