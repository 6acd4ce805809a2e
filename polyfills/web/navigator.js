"use strict";
// Navigator, https://html.spec.whatwg.org/#the-navigator-object, https://w3c.github.io/beacon/

const { ObjectDefineProperty } = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError, toUSVString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const context = require("core/context");
const { state } = require("core/worker");

function readonly(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

async function post(url, body) {
  const { fetch } = require("web/fetch");
  await fetch(url, { __proto__: null, method: "POST", body });
}

class Navigator {
  // Only the brand.
  #navigator;

  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
    if (state.flags.enable_web_file_system) readonly(this, "storage", require("web/file_system").internals.createStorage());
    readonly(this, "languages", ["en"]);
    readonly(this, "language", "en");
    readonly(this, "platform", "");
    readonly(this, "hardwareConcurrency", 1);
    readonly(this, "userAgent", "Cloudflare-Workers");
  }

  // The event stays alive until the request is answered; whether it failed, nobody learns but the log.
  sendBeacon(...args) {
    if (!isObject(this) || !(#navigator in this)) throw illegalInvocation();
    if (args.length === 0) throw parameterError("sendBeacon", "Navigator", 1, "string");
    const url = toUSVString(args[0]);
    const body = args[1];
    if (typeof body === "symbol") toUSVString(body);
    const ctx = context.current();
    if (ctx === undefined) return false;
    require("cloudflare/execution_context").waitUntil(ctx, post(url, body));
    return true;
  }
}
define(Navigator, "Navigator");

module.exports = { Navigator, navigator: new Navigator(kConstruct) };
