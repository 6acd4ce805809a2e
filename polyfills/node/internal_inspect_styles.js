"use strict";
// util.inspect, colours: SGR codes (ECMA-48 8.3.117) on and off, and which colour each kind of value has.
// https://nodejs.org/docs/latest-v22.x/api/util.html#customizing-utilinspect-colors

const { ObjectDefineProperty } = primordials;

/** Name to [on, off]. Scripts may add to it. */
const colors = {
  __proto__: null,
  reset: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  blink: [5, 25],
  inverse: [7, 27],
  hidden: [8, 28],
  strikethrough: [9, 29],
  doubleunderline: [21, 24],
};

function addHues(prefix, first, off) {
  const names = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"];
  for (let i = 0; i < names.length; i++) colors[hueName(prefix, names[i], "")] = [first + i, off];
}

function addBrightHues(prefix, first, off) {
  const names = ["Gray", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"];
  for (let i = 0; i < names.length; i++) colors[hueName(prefix, names[i], i === 0 ? "" : "Bright")] = [first + i, off];
}

function hueName(prefix, name, suffix) {
  const { StringPrototypeToLowerCase } = primordials;
  return `${prefix}${prefix === "" ? StringPrototypeToLowerCase(name) : name}${suffix}`;
}

addHues("", 30, 39);
addHues("bg", 40, 49);
colors.framed = [51, 54];
colors.overlined = [53, 55];
addBrightHues("", 90, 39);
addBrightHues("bg", 100, 49);

function alias(target, name) {
  ObjectDefineProperty(colors, name, {
    __proto__: null,
    get() {
      return this[target];
    },
    set(value) {
      this[target] = value;
    },
    configurable: true,
    enumerable: false,
  });
}

alias("gray", "grey");
alias("gray", "blackBright");
alias("bgGray", "bgGrey");
alias("bgGray", "bgBlackBright");
alias("dim", "faint");
alias("strikethrough", "crossedout");
alias("strikethrough", "strikeThrough");
alias("strikethrough", "crossedOut");
alias("hidden", "conceal");
alias("inverse", "swapColors");
alias("inverse", "swapcolors");
alias("doubleunderline", "doubleUnderline");

/** Kind of value to the name of its colour. Scripts may change it. */
const styles = {
  __proto__: null,
  special: "cyan",
  number: "yellow",
  bigint: "yellow",
  boolean: "yellow",
  undefined: "grey",
  null: "bold",
  string: "green",
  symbol: "green",
  date: "magenta",
  name: undefined,
  regexp: "red",
  module: "underline",
};

module.exports = { colors, styles };
