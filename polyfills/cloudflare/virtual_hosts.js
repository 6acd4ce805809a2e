"use strict";
// Host names that stand for a service: ctx.mapVirtualHost() makes them, connect() of cloudflare:sockets knows them. Nobody else does.

const { Map, MapPrototypeGet, MapPrototypeSet, NumberPrototypeToString, StringPrototypePadStart, Uint8Array, WeakMap, WeakMapPrototypeGet, WeakMapPrototypeSet } = primordials;

const kBytes = 16;

const addresses = new WeakMap(); // by service
const services = new Map(); // by address

/** The address by which connect() reaches `fetcher`; a service keeps the first one that it has got. */
function addressOf(fetcher, port) {
  let address = WeakMapPrototypeGet(addresses, fetcher);
  if (address === undefined) {
    address = `${randomHex()}.workers.alt:${port}`;
    WeakMapPrototypeSet(addresses, fetcher, address);
    MapPrototypeSet(services, address, fetcher);
  }
  return address;
}

/** The service behind an address, undefined if it is of the network. */
function serviceAt(address) {
  return MapPrototypeGet(services, address);
}

function randomHex() {
  const bytes = new Uint8Array(kBytes);
  ops.op_random_fill(bytes);
  let text = "";
  for (let i = 0; i < kBytes; i++) text += StringPrototypePadStart(NumberPrototypeToString(bytes[i], 16), 2, "0");
  return text;
}

module.exports = { addressOf, serviceAt };
