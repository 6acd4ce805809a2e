"use strict";
// util.parseArgs: command lines. https://nodejs.org/docs/latest-v22.x/api/util.html#utilparseargsconfig
// Arguments become tokens, tokens are checked if `strict`, and then make up values and positionals.

const {
  ArrayPrototypePush,
  ArrayPrototypeShift,
  ArrayPrototypeSlice,
  ArrayPrototypeUnshift,
  JSONStringify,
  ObjectHasOwn,
  ObjectKeys,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  TypeError,
} = primordials;
const { validateArray, validateBoolean, validateObject, validateString } = require("node/internal_validators");
const { defineError, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } = require("node/internal_errors");

const ERR_PARSE_ARGS_INVALID_OPTION_VALUE = defineError("ERR_PARSE_ARGS_INVALID_OPTION_VALUE", TypeError, (text) => text);
const ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL = defineError(
  "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL",
  TypeError,
  (argument) => `Unexpected argument '${argument}'. This command does not take positional arguments`,
);
const ERR_PARSE_ARGS_UNKNOWN_OPTION = defineError("ERR_PARSE_ARGS_UNKNOWN_OPTION", TypeError, (option, allowPositionals) => {
  const advice = `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- ${JSONStringify(option)}`;
  return `Unknown option '${option}'${allowPositionals ? advice : ""}`;
});

// Configuration.

function validateDefault(value, name, type, multiple) {
  const validate = type === "string" ? validateString : validateBoolean;
  if (!multiple) {
    validate(value, name);
    return;
  }
  validateArray(value, name);
  for (let i = 0; i < value.length; i++) validate(value[i], `${name}[${i}]`);
}

function validateOption(option, name) {
  validateObject(option, name);
  const type = own(option, "type");
  if (type !== "string" && type !== "boolean") throw new ERR_INVALID_ARG_TYPE(`${name}.type`, "('string|boolean')", type);
  if (ObjectHasOwn(option, "short")) {
    validateString(option.short, `${name}.short`);
    if (option.short.length !== 1) throw new ERR_INVALID_ARG_VALUE(`${name}.short`, option.short, "must be a single character");
  }
  const multiple = own(option, "multiple");
  if (ObjectHasOwn(option, "multiple")) validateBoolean(multiple, `${name}.multiple`);
  const fallback = own(option, "default");
  if (fallback !== undefined) validateDefault(fallback, `${name}.default`, type, multiple);
}

function own(object, key) {
  return ObjectHasOwn(object, key) ? object[key] : undefined;
}

function typeOf(options, name) {
  return ObjectHasOwn(options, name) ? own(options[name], "type") : undefined;
}

function nameOfShort(options, short) {
  const names = ObjectKeys(options);
  for (let i = 0; i < names.length; i++) if (own(options[names[i]], "short") === short) return names[i];
  return short;
}

// Tokens.

function isShort(argument) {
  return argument.length > 1 && argument[0] === "-" && argument[1] !== "-";
}

function isLong(argument) {
  return argument.length > 2 && StringPrototypeStartsWith(argument, "--");
}

class Tokenizer {
  #rest;
  #options;
  #tokens = [];
  #index = -1;
  // How many of the rest come from one group of short options, which counts as one argument.
  #grouped = 0;

  constructor(args, options) {
    this.#rest = ArrayPrototypeSlice(args);
    this.#options = options;
  }

  run() {
    while (this.#rest.length > 0) {
      const argument = ArrayPrototypeShift(this.#rest);
      if (this.#grouped > 0) this.#grouped--;
      else this.#index++;
      if (argument === "--") {
        this.#terminate();
        break;
      }
      if (isShort(argument)) this.#short(argument);
      else if (isLong(argument)) this.#long(argument);
      else this.#positional(argument);
    }
    return this.#tokens;
  }

  #terminate() {
    ArrayPrototypePush(this.#tokens, { kind: "option-terminator", index: this.#index });
    for (let i = 0; i < this.#rest.length; i++) {
      this.#index++;
      this.#positional(this.#rest[i]);
    }
  }

  #positional(value) {
    ArrayPrototypePush(this.#tokens, { kind: "positional", index: this.#index, value });
  }

  #option(name, rawName, value, inlineValue) {
    ArrayPrototypePush(this.#tokens, { kind: "option", name, rawName, index: this.#index, value, inlineValue });
  }

  // An option whose value, if it takes one, is the next argument.
  #alone(name, rawName) {
    if (typeOf(this.#options, name) !== "string" || this.#rest.length === 0 || this.#rest[0] === undefined || this.#rest[0] === null) {
      this.#option(name, rawName, undefined, undefined);
      return;
    }
    this.#option(name, rawName, ArrayPrototypeShift(this.#rest), false);
    this.#index++;
  }

  #short(argument) {
    const name = nameOfShort(this.#options, argument[1]);
    if (argument.length === 2) this.#alone(name, argument);
    else if (typeOf(this.#options, name) === "string") this.#option(name, `-${argument[1]}`, StringPrototypeSlice(argument, 2), true);
    else this.#group(argument);
  }

  // "-abc" is "-a -b -c"; from an option that takes a value on it is one argument.
  #group(argument) {
    const expanded = [];
    for (let i = 1; i < argument.length; i++) {
      if (typeOf(this.#options, nameOfShort(this.#options, argument[i])) === "string" && i !== argument.length - 1) {
        ArrayPrototypePush(expanded, `-${StringPrototypeSlice(argument, i)}`);
        break;
      }
      ArrayPrototypePush(expanded, `-${argument[i]}`);
    }
    for (let i = expanded.length - 1; i >= 0; i--) ArrayPrototypeUnshift(this.#rest, expanded[i]);
    this.#grouped = expanded.length;
  }

  #long(argument) {
    const equals = StringPrototypeIndexOf(argument, "=", 3);
    if (equals === -1) {
      this.#alone(StringPrototypeSlice(argument, 2), argument);
      return;
    }
    const name = StringPrototypeSlice(argument, 2, equals);
    this.#option(name, `--${name}`, StringPrototypeSlice(argument, equals + 1), true);
  }
}

// Checks.

function checkAmbiguous(token) {
  if (token.inlineValue || token.value === undefined || token.value.length < 2 || token.value[0] !== "-") return;
  const { name, rawName } = token;
  const example = StringPrototypeStartsWith(rawName, "--") ? `'${rawName}=-XYZ'` : `'--${name}=-XYZ' or '${rawName}-XYZ'`;
  throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(
    `Option '${rawName}' argument is ambiguous.\n` +
      `Did you forget to specify the option argument for '${rawName}'?\n` +
      `To specify an option argument starting with a dash use ${example}.`,
  );
}

function checkOption(config, token) {
  const { options, allowNegative } = config;
  let { name } = token;
  if (!ObjectHasOwn(options, name)) {
    const positive = allowNegative && StringPrototypeStartsWith(name, "no-") ? StringPrototypeSlice(name, 3) : undefined;
    if (positive === undefined || typeOf(options, positive) !== "boolean") {
      throw new ERR_PARSE_ARGS_UNKNOWN_OPTION(token.rawName, config.allowPositionals);
    }
    name = positive;
  }
  const short = own(options[name], "short");
  const both = `${short ? `-${short}, ` : ""}--${name}`;
  const type = typeOf(options, name);
  if (type === "string" && typeof token.value !== "string") {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${both} <value>' argument missing`);
  }
  if (type === "boolean" && token.value !== undefined && token.value !== null) {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${both}' does not take an argument`);
  }
}

// Results.

function store(config, { name, value }, values) {
  const { options, allowNegative } = config;
  if (name === "__proto__") return;
  let result = value ?? true;
  if (allowNegative && value === undefined && StringPrototypeStartsWith(name, "no-")) {
    name = StringPrototypeSlice(name, 3);
    result = false;
  }
  if (ObjectHasOwn(options, name) && own(options[name], "multiple")) {
    if (values[name] === undefined) values[name] = [result];
    else ArrayPrototypePush(values[name], result);
  } else {
    values[name] = result;
  }
}

function readConfig(config) {
  const strict = own(config, "strict") ?? true;
  const result = {
    args: own(config, "args") ?? [],
    strict,
    allowPositionals: own(config, "allowPositionals") ?? !strict,
    tokens: own(config, "tokens") ?? false,
    allowNegative: own(config, "allowNegative") ?? false,
    options: own(config, "options") ?? { __proto__: null },
  };
  validateArray(result.args, "args");
  validateBoolean(strict, "strict");
  validateBoolean(result.allowPositionals, "allowPositionals");
  validateBoolean(result.tokens, "tokens");
  validateBoolean(result.allowNegative, "allowNegative");
  validateObject(result.options, "options");
  const names = ObjectKeys(result.options);
  for (let i = 0; i < names.length; i++) validateOption(result.options[names[i]], `options.${names[i]}`);
  return result;
}

/**
 * @param {object} [given] the configuration; without `args` there are none, as a worker has no command line
 * @returns {{ values: object, positionals: string[], tokens?: object[] }}
 */
function parseArgs(given = { __proto__: null }) {
  const config = readConfig(given);
  const { options } = config;
  const tokens = new Tokenizer(config.args, options).run();
  const result = { values: { __proto__: null }, positionals: [] };
  if (config.tokens) result.tokens = tokens;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.kind === "option") {
      if (config.strict) {
        checkOption(config, token);
        checkAmbiguous(token);
      }
      store(config, token, result.values);
    } else if (token.kind === "positional") {
      if (!config.allowPositionals) throw new ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(token.value);
      ArrayPrototypePush(result.positionals, token.value);
    }
  }
  const names = ObjectKeys(options);
  for (let i = 0; i < names.length; i++) {
    const fallback = own(options[names[i]], "default");
    if (names[i] === "__proto__") continue;
    if (fallback !== undefined && result.values[names[i]] === undefined) result.values[names[i]] = fallback;
  }
  return result;
}

module.exports = { parseArgs };
