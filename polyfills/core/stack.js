"use strict";
// What `error.stack` shows: the frames of user code. Ours are no part of what a script may see, as those of a native runtime are not.

const { Error, ErrorPrototypeToString, FunctionPrototypeCall, StringPrototypeStartsWith } = primordials;

let getFileName;
let toText;

/** Captures the methods of call sites from the first one; they have no name in the global scope. */
function captureMethods(site) {
  ({ getFileName, toString: toText } = site);
}

function isOurs(site) {
  const file = FunctionPrototypeCall(getFileName, site);
  return typeof file === "string" && StringPrototypeStartsWith(file, "dynos:");
}

function header(error) {
  try {
    return ErrorPrototypeToString(error);
  } catch {
    return "Error";
  }
}

/**
 * Engine: formats a stack, or lets the script's Error.prepareStackTrace do it.
 * @param {any} error
 * @param {object[]} sites call sites of V8, https://v8.dev/docs/stack-trace-api
 */
function prepareStackTrace(error, sites) {
  const shown = [];
  for (let i = 0; i < sites.length; i++) {
    if (getFileName === undefined) captureMethods(sites[i]);
    if (!isOurs(sites[i])) shown[shown.length] = sites[i];
  }
  const custom = Error.prepareStackTrace;
  if (typeof custom === "function") return FunctionPrototypeCall(custom, Error, error, shown);
  let text = header(error);
  for (let i = 0; i < shown.length; i++) text += `\n    at ${FunctionPrototypeCall(toText, shown[i])}`;
  return text;
}

module.exports = { prepareStackTrace };
