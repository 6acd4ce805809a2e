"use strict";
// File URLs and paths, and URLs as options of a request. https://nodejs.org/docs/latest-v22.x/api/url.html#urlfileurltopathurl-options

const {
  Error,
  Number,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeReplaceAll,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  decodeURIComponent,
} = primordials;
const errors = require("node/internal_errors");
const { URL } = require("web/url");

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, defineError } = errors;
const ERR_INVALID_FILE_URL_HOST = defineError(
  "ERR_INVALID_FILE_URL_HOST",
  Error,
  (platform) => `File URL host must be "localhost" or empty on ${platform}`,
);
const ERR_INVALID_FILE_URL_PATH = defineError("ERR_INVALID_FILE_URL_PATH", Error, (reason) => `File URL path ${reason}`);
const ERR_INVALID_URL_SCHEME = defineError("ERR_INVALID_URL_SCHEME", Error, (scheme) => `The URL must be of scheme ${scheme}`);

// A URL of any implementation; what url.parse() gives has `auth` and `path`.
function isURL(value) {
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);
}

// Percent-encoded separators would make two paths of one.
function hasEncoded(pathname, letters) {
  for (let i = 0; i + 2 < pathname.length; i++) {
    if (pathname[i] !== "%") continue;
    const pair = `${pathname[i + 1]}${pathname[i + 2]}`;
    if (StringPrototypeIncludes(letters, pair)) return true;
  }
  return false;
}

function toPosixPath(url) {
  if (url.hostname !== "") throw new ERR_INVALID_FILE_URL_HOST("linux");
  if (hasEncoded(url.pathname, "2f 2F")) throw new ERR_INVALID_FILE_URL_PATH("must not include encoded / characters");
  return decodeURIComponent(url.pathname);
}

function toWindowsPath(url) {
  if (hasEncoded(url.pathname, "2f 2F 5c 5C")) throw new ERR_INVALID_FILE_URL_PATH("must not include encoded \\ or / characters");
  const path = decodeURIComponent(StringPrototypeReplaceAll(url.pathname, "/", "\\"));
  if (url.hostname !== "") return `\\\\${require("node/internal_url_domain").domainToUnicode(url.hostname)}${path}`;
  const letter = StringPrototypeCharCodeAt(path, 1) | 0x20;
  if (!(letter >= 0x61 && letter <= 0x7a) || path[2] !== ":") throw new ERR_INVALID_FILE_URL_PATH("must be absolute");
  return StringPrototypeSlice(path, 1);
}

function fileURLToPath(path, options) {
  const windows = options?.windows;
  if (typeof path === "string") path = new URL(path);
  else if (!isURL(path)) throw new ERR_INVALID_ARG_TYPE("path", ["string", "URL"], path);
  if (path.protocol !== "file:") throw new ERR_INVALID_URL_SCHEME("file");
  return windows ? toWindowsPath(path) : toPosixPath(path);
}

// What the URL parser would take for something else. The percent sign comes first.
const kEscapes = ["%", "%25", "\t", "%09", "\n", "%0A", "\r", "%0D", " ", "%20", '"', "%22", "#", "%23", "?", "%3F", "[", "%5B", "]", "%5D", "^", "%5E", "|", "%7C", "~", "%7E"];

function escapePath(path, windows) {
  for (let i = 0; i < kEscapes.length; i += 2) {
    if (StringPrototypeIncludes(path, kEscapes[i])) path = StringPrototypeReplaceAll(path, kEscapes[i], kEscapes[i + 1]);
  }
  return windows ? path : StringPrototypeReplaceAll(path, "\\", "%5C");
}

// \\server\share\file, perhaps with \\?\UNC before the server.
function uncToURL(path) {
  const start = StringPrototypeStartsWith(path, "\\\\?\\UNC\\") ? 8 : 2;
  const end = StringPrototypeIndexOf(path, "\\", start);
  if (end === -1) throw new ERR_INVALID_ARG_VALUE("path", path, "Missing UNC resource path");
  if (end === 2) throw new ERR_INVALID_ARG_VALUE("path", path, "Empty UNC servername");
  const url = new URL("file://");
  url.hostname = require("node/internal_url_domain").domainToASCII(StringPrototypeSlice(path, start, end));
  url.pathname = escapePath(StringPrototypeReplaceAll(StringPrototypeSlice(path, end), "\\", "/"), true);
  return url;
}

function pathToFileURL(filepath, options) {
  const windows = options?.windows;
  if (typeof filepath !== "string") throw new ERR_INVALID_ARG_TYPE("filepath", "string", filepath);
  if (windows && StringPrototypeStartsWith(filepath, "\\\\")) return uncToURL(filepath);
  const { resolve, sep } = require(windows ? "node/path_win32" : "node/path_posix");
  let path = resolve(filepath);
  const last = filepath[filepath.length - 1];
  // resolve() drops it, but a URL needs it to be a folder.
  if ((last === "/" || (windows && last === "\\")) && path[path.length - 1] !== sep) path += "/";
  return new URL(`file://${escapePath(path, windows)}`);
}

function toPathIfFileURL(fileURLOrPath) {
  return isURL(fileURLOrPath) ? fileURLToPath(fileURLOrPath) : fileURLOrPath;
}

function urlToHttpOptions(url) {
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null,
    // What a program has added to the object.
    ...url,
    protocol: url.protocol,
    hostname: hostname && hostname[0] === "[" ? StringPrototypeSlice(hostname, 1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname || ""}${search || ""}`,
    href: url.href,
  };
  if (port !== "") options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

module.exports = { fileURLToPath, pathToFileURL, toPathIfFileURL, urlToHttpOptions };
