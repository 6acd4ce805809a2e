"use strict";
// Uint8Array to base64 and hexadecimal. https://tc39.es/proposal-arraybuffer-base64/
// This V8's methods take an array for its whole buffer: one that begins further in is copied first.

const { ObjectDefineProperty, ReflectApply, TypedArrayPrototypeGetByteOffset, TypedArrayPrototypeGetSymbolToStringTag, Uint8Array } = primordials;

// The engine's methods; they are there when a realm starts, not in the snapshot.
const natives = { __proto__: null };

const isFurtherIn = (value) => TypedArrayPrototypeGetSymbolToStringTag(value) === "Uint8Array" && TypedArrayPrototypeGetByteOffset(value) !== 0;

function call(name, array, args) {
  return ReflectApply(natives[name], isFurtherIn(array) ? new Uint8Array(array) : array, args);
}

const methods = {
  __proto__: null,
  toBase64(...args) {
    return call("toBase64", this, args);
  },
  toHex(...args) {
    return call("toHex", this, args);
  },
};

/** Puts the methods in the place of the engine's, before any code of the program runs. */
function install() {
  const proto = Uint8Array.prototype;
  for (const name in methods) {
    if (typeof proto[name] !== "function") return;
    natives[name] = proto[name];
    ObjectDefineProperty(proto, name, { __proto__: null, value: methods[name], writable: true, configurable: true });
  }
}

module.exports = { install };
