"use strict";
// url.resolve(): one URL of url.parse() as seen from another. https://nodejs.org/docs/latest-v22.x/api/url.html#urlresolvefrom-to

const {
  ArrayPrototypeJoin,
  ArrayPrototypePop,
  ArrayPrototypePush,
  ArrayPrototypeShift,
  ArrayPrototypeSplice,
  ArrayPrototypeUnshift,
  ObjectAssign,
  ObjectKeys,
  StringPrototypeEndsWith,
  StringPrototypeIndexOf,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
} = primordials;
const { isScript, isSlashed } = require("node/internal_url_legacy");

function segments(path) {
  return path ? StringPrototypeSplit(path, "/") : [];
}

function isAbsolutePath(path) {
  return Boolean(path) && StringPrototypeStartsWith(path, "/");
}

function setPath(result) {
  result.path = (result.pathname || "") + (result.search || "");
}

function finish(result) {
  result.href = result.format();
  return result;
}

function copyQuery(result, relative) {
  result.search = relative.search;
  result.query = relative.query;
}

// "//host/path": all but the protocol is the relative one's.
function resolveHost(result, relative) {
  const keys = ObjectKeys(relative);
  for (let i = 0; i < keys.length; i++) if (keys[i] !== "protocol") result[keys[i]] = relative[keys[i]];
  if (isSlashed(result.protocol) && result.hostname && !result.pathname) result.path = result.pathname = "/";
  return finish(result);
}

// Another protocol.
function resolveProtocol(result, relative) {
  if (!isSlashed(relative.protocol)) return finish(ObjectAssign(result, relative));
  result.protocol = relative.protocol;
  if (!relative.host && relative.protocol !== "file" && relative.protocol !== "file:" && !isScript(relative.protocol)) {
    const path = StringPrototypeSplit(relative.pathname || "", "/");
    while (path.length > 0 && !(relative.host = ArrayPrototypeShift(path)));
    relative.host ||= "";
    relative.hostname ||= "";
    if (path[0] !== "") ArrayPrototypeUnshift(path, "");
    if (path.length < 2) ArrayPrototypeUnshift(path, "");
    result.pathname = ArrayPrototypeJoin(path, "/");
  } else {
    result.pathname = relative.pathname;
  }
  copyQuery(result, relative);
  result.host = relative.host || "";
  result.auth = relative.auth;
  result.hostname = relative.hostname || relative.host;
  result.port = relative.port;
  if (result.pathname || result.search) setPath(result);
  result.slashes ||= relative.slashes;
  return finish(result);
}

// "user@host" of a URL whose host is the first segment of its path.
function splitAuth(result) {
  if (!result.host || StringPrototypeIndexOf(result.host, "@") <= 0) return;
  const parts = StringPrototypeSplit(result.host, "@");
  result.auth = parts[0];
  result.host = result.hostname = parts[1];
}

// For protocols without slashes the host counts as the first segment.
function hostIntoPath(result, relative, from, to) {
  result.hostname = "";
  result.port = null;
  if (result.host) {
    if (from[0] === "") from[0] = result.host;
    else ArrayPrototypeUnshift(from, result.host);
  }
  result.host = "";
  if (!relative.protocol) return;
  relative.hostname = null;
  relative.port = null;
  result.auth = null;
  if (relative.host) {
    if (to[0] === "") to[0] = relative.host;
    else ArrayPrototypeUnshift(to, relative.host);
  }
  relative.host = null;
}

function takeHost(result, relative) {
  if (relative.host || relative.host === "") {
    if (result.host !== relative.host) result.auth = null;
    result.host = relative.host;
    result.port = relative.port;
  }
  if (relative.hostname || relative.hostname === "") {
    if (result.hostname !== relative.hostname) result.auth = null;
    result.hostname = relative.hostname;
  }
}

// Removes "." and "..". @returns how many of the latter lead out of it
function removeDots(path) {
  let up = 0;
  for (let i = path.length - 1; i >= 0; i--) {
    const segment = path[i];
    if (segment === "..") up++;
    else if (segment !== "." && up === 0) continue;
    else if (segment !== ".") up--;
    ArrayPrototypeSplice(path, i, 1);
  }
  return up;
}

function resolvePath(result, relative) {
  const relativeAbsolute = Boolean(relative.host) || isAbsolutePath(relative.pathname);
  let absolute = relativeAbsolute || isAbsolutePath(result.pathname) || Boolean(result.host && relative.pathname);
  const keepsNoDots = absolute;
  let path = segments(result.pathname);
  const to = segments(relative.pathname);
  const pathHost = Boolean(result.protocol) && !isSlashed(result.protocol);
  if (pathHost) {
    hostIntoPath(result, relative, path, to);
    absolute &&= to[0] === "" || path[0] === "";
  }
  if (relativeAbsolute) {
    takeHost(result, relative);
    copyQuery(result, relative);
    path = to;
  } else if (to.length > 0) {
    ArrayPrototypePop(path);
    for (let i = 0; i < to.length; i++) ArrayPrototypePush(path, to[i]);
    copyQuery(result, relative);
  } else if (relative.search !== null && relative.search !== undefined) {
    return resolveQuery(result, relative, path, pathHost);
  }
  if (path.length === 0) {
    result.pathname = null;
    result.path = result.search ? `/${result.search}` : null;
    return finish(result);
  }
  cleanPath(result, relative, path, absolute, keepsNoDots);
  return joinPath(result, relative, path, absolute, pathHost);
}

// Only another query.
function resolveQuery(result, relative, path, pathHost) {
  if (pathHost) {
    result.hostname = result.host = ArrayPrototypeShift(path);
    splitAuth(result);
  }
  copyQuery(result, relative);
  if (result.pathname !== null || result.search !== null) setPath(result);
  return finish(result);
}

function cleanPath(result, relative, path, absolute, keepsNoDots) {
  const last = path[path.length - 1];
  const trailing = ((result.host || relative.host || path.length > 1) && (last === "." || last === "..")) || last === "";
  let up = removeDots(path);
  if (!absolute && !keepsNoDots) while (up-- > 0) ArrayPrototypeUnshift(path, "..");
  if (absolute && path[0] !== "" && !isAbsolutePath(path[0])) ArrayPrototypeUnshift(path, "");
  if (trailing && !StringPrototypeEndsWith(ArrayPrototypeJoin(path, "/"), "/")) ArrayPrototypePush(path, "");
}

function joinPath(result, relative, path, absolute, pathHost) {
  const startsAbsolute = path[0] === "" || isAbsolutePath(path[0]);
  if (pathHost) {
    result.hostname = result.host = startsAbsolute || path.length === 0 ? "" : ArrayPrototypeShift(path);
    splitAuth(result);
  }
  absolute ||= Boolean(result.host && path.length > 0);
  if (absolute && !startsAbsolute) ArrayPrototypeUnshift(path, "");
  result.pathname = path.length === 0 ? null : ArrayPrototypeJoin(path, "/");
  if (result.pathname === null) result.path = null;
  if (result.pathname !== null || result.search !== null) setPath(result);
  result.auth = relative.auth || result.auth;
  result.slashes ||= relative.slashes;
  return finish(result);
}

/** `relative` as seen from `result`, which is a copy of the base. */
function resolveInto(result, relative) {
  result.hash = relative.hash;
  if (relative.href === "") return finish(result);
  if (relative.slashes && !relative.protocol) return resolveHost(result, relative);
  if (relative.protocol && relative.protocol !== result.protocol) return resolveProtocol(result, relative);
  return resolvePath(result, relative);
}

module.exports = { resolveInto };
