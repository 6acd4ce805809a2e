"use strict";
// The binding unsafeEval, which extensions also find as a module: text that becomes code, for a worker that the
// configuration trusts with it.

const { bytesOf, define, illegalConstructor, isBufferSource, isObject, kConstruct, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");

function nameOf(name, otherwise) {
  return name === undefined ? otherwise : toDOMString(name);
}

class UnsafeEval {
  #brand;

  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
  }

  static #check(receiver, args, method) {
    if (!isObject(receiver) || !(#brand in receiver)) throw illegalInvocation();
    if (args.length === 0) throw parameterError(method, "UnsafeEval", 1, "string");
  }

  /** Runs a script and gives its value. Its name is what stacks show. */
  eval(script, name) {
    UnsafeEval.#check(this, arguments, "eval");
    return ops.op_eval(toDOMString(script), nameOf(name, "eval"));
  }

  newFunction(script, name, ...parameters) {
    UnsafeEval.#check(this, arguments, "newFunction");
    const body = toDOMString(script);
    const title = nameOf(name, "anonymous");
    for (let i = 0; i < parameters.length; i++) parameters[i] = toDOMString(parameters[i]);
    return ops.op_eval_function(body, title, parameters);
  }

  newAsyncFunction(script, name, ...parameters) {
    UnsafeEval.#check(this, arguments, "newAsyncFunction");
    const body = toDOMString(script);
    const title = nameOf(name, "anonymous");
    let list = "";
    for (let i = 0; i < parameters.length; i++) list += `${toDOMString(parameters[i])},`;
    return ops.op_eval(`async function ${title}(${list}) {${body}};${title}`, title);
  }

  newWasmModule(bytes) {
    if (!isObject(this) || !(#brand in this)) throw illegalInvocation();
    if (!isBufferSource(bytes)) throw parameterError("newWasmModule", "UnsafeEval", 1, "ArrayBuffer or ArrayBufferView");
    return ops.op_eval_wasm(bytesOf(bytes));
  }
}
define(UnsafeEval, "UnsafeEval");

module.exports = { makeUnsafeEval: () => new UnsafeEval(kConstruct) };
