"use strict";
// What a Request makes of the members of its cf that are about caching.
// https://developers.cloudflare.com/workers/runtime-apis/request/#the-cf-property-requestinitcfproperties

const { JSONParse, JSONStringify, ReflectHas, TypeError, String } = primordials;
const { isObject } = require("core/webidl");

const kExclusive =
  "The 'cacheControl' and 'cacheTtl' options on cf are mutually exclusive. Use 'cacheControl' for explicit Cache-Control header directives, or 'cacheTtl' for a simplified TTL, " +
  "but not both.";
const kWithCache =
  "The 'cacheControl' option on cf cannot be used together with the 'cache' request option. The 'cache' option ('no-store'/'no-cache') maps to cache TTL behavior internally, which " +
  "conflicts with explicit Cache-Control directives.";

/** Throws if the members of a cf contradict each other or the cache mode, undefined for none. */
function checkCf(cf, cache) {
  if (!ReflectHas(cf, "cacheControl") || cf.cacheControl === undefined) return;
  if (ReflectHas(cf, "cacheTtl") && cf.cacheTtl !== undefined) throw new TypeError(kExclusive);
  if (cache !== undefined) throw new TypeError(kWithCache);
}

/** The Cache-Control that a time to live in seconds stands for; undefined if it is none. */
function controlOf(ttl) {
  if (ttl === -1) return "no-store";
  return typeof ttl === "number" && (ttl | 0) === ttl ? `max-age=${ttl}` : undefined;
}

/**
 * The cf with which a request is sent: the cache mode and `cacheTtl` are said in the members that say the same.
 * @param {string | null} text the cf of the request as JSON
 * @param {string | undefined} cache its mode
 * @returns {string} JSON
 */
function outgoingCf(text, cache) {
  const given = text === null ? undefined : JSONParse(text);
  const cf = isObject(given) ? given : {};
  if (cache === "no-store") {
    if (ReflectHas(cf, "cacheTtl") && cf.cacheTtl !== -1) {
      const shown = isObject(cf.cacheTtl) ? "#<Object>" : String(cf.cacheTtl);
      throw new TypeError(`CacheTtl: ${shown}, is not compatible with cache: no-store header.`);
    }
    cf.cacheTtl = -1;
    cf.cacheLevel = "bypass";
  } else if (cache === "no-cache") {
    cf.cacheForceRevalidate = true;
  }
  if (ReflectHas(cf, "cacheControl")) return JSONStringify(cf);
  const control = cache ?? controlOf(cf.cacheTtl);
  if (control !== undefined) cf.cacheControl = control;
  return JSONStringify(cf);
}

module.exports = { checkCf, outgoingCf };
