"use strict";
// util.getCallSites, https://nodejs.org/docs/latest-v22.x/api/util.html#utilgetcallsitesframecount-options

const { ArrayPrototypePush, Error, ErrorCaptureStackTrace, MathTrunc } = primordials;

// Frames of functions without a name are left out, as the reference runtime does.
function collect(error, frames) {
  const sites = [];
  for (let i = 0; i < frames.length; i++) {
    const functionName = frames[i].getFunctionName();
    if (!functionName) continue;
    const column = frames[i].getColumnNumber();
    ArrayPrototypePush(sites, {
      functionName,
      scriptName: frames[i].getScriptNameOrSourceURL() ?? "",
      lineNumber: frames[i].getLineNumber(),
      columnNumber: column,
      column,
    });
  }
  return sites;
}

/**
 * @param {number} frameCount 1 to 200; one frame more is looked at
 * @param {Function} caller the frames above this one are left out
 * @returns {object[]} of the named functions that are running, the innermost first
 */
function getCallSites(frameCount, caller) {
  const count = MathTrunc(frameCount);
  if (!(count >= 1 && count <= 200)) throw new Error("Frame count should be between 1 and 200 inclusive.");
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder = {};
  Error.prepareStackTrace = collect;
  Error.stackTraceLimit = count + 1;
  try {
    ErrorCaptureStackTrace(holder, caller);
    return holder.stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

module.exports = { getCallSites };
