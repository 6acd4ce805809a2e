"use strict";
// The global `Cloudflare`. https://developers.cloudflare.com/workers/configuration/compatibility-flags/

const { ObjectDefineProperty, ObjectFreeze } = primordials;
const { define, illegalConstructor, kConstruct } = require("core/webidl");

/** Every flag that the platform knows by its enable name, and whether it is on. */
function compatibilityFlags() {
  const list = ops.op_compat_flags();
  const flags = { __proto__: null };
  for (let i = 0; i < list.length; i += 2) flags[list[i]] = list[i + 1];
  return ObjectFreeze(flags);
}

class Cloudflare {
  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
    ObjectDefineProperty(this, "compatibilityFlags", { __proto__: null, value: compatibilityFlags(), writable: false, enumerable: true, configurable: true });
  }
}
define(Cloudflare, "Cloudflare");

module.exports = { Cloudflare: new Cloudflare(kConstruct) };
