"use strict";
// Where relative paths begin: a directory that each request has for itself, as it has its files.

const { WeakMap, WeakMapPrototypeGet, WeakMapPrototypeSet } = primordials;
const { current } = require("core/context");

const kFirst = "/bundle";
const directories = new WeakMap();
let outside = kFirst;

/** The path of the directory, absolute, without a slash at its end but for "/". */
function workingDirectory() {
  const context = current();
  return context === undefined ? outside : (WeakMapPrototypeGet(directories, context) ?? kFirst);
}

/** Changes it for the request, or for what runs outside of requests. */
function setWorkingDirectory(path) {
  const context = current();
  if (context === undefined) outside = path;
  else WeakMapPrototypeSet(directories, context, path);
}

module.exports = { setWorkingDirectory, workingDirectory };
