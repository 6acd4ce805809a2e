"use strict";
// node:trace_events: categories can be enabled, and nothing is traced. https://nodejs.org/docs/latest-v22.x/api/tracing.html

const { ArrayPrototypeJoin, SymbolFor, TypeError } = primordials;
const { defineError } = require("node/internal_errors");
const { validateArray, validateObject, validateString } = require("node/internal_validators");

const ERR_TRACE_EVENTS_CATEGORY_REQUIRED = defineError(
  "ERR_TRACE_EVENTS_CATEGORY_REQUIRED",
  TypeError,
  () => "At least one category is required",
);

class Tracing {
  #categories;
  #enabled = false;

  constructor(categories) {
    this.#categories = categories;
  }

  enable() {
    this.#enabled = true;
  }

  disable() {
    this.#enabled = false;
  }

  get enabled() {
    return this.#enabled;
  }

  get categories() {
    return ArrayPrototypeJoin(this.#categories, ",");
  }

  [SymbolFor("nodejs.util.inspect.custom")](depth, options) {
    if (typeof depth === "number" && depth < 0) return this;
    const { format } = require("node/internal_inspect");
    return `Tracing ${format({ enabled: this.enabled, categories: this.categories })}`;
  }
}

function createTracing(options) {
  validateObject(options, "options");
  const { categories } = options;
  validateArray(categories, "options.categories");
  for (let i = 0; i < categories.length; i++) validateString(categories[i], `options.categories[${i}]`);
  if (categories.length === 0) throw new ERR_TRACE_EVENTS_CATEGORY_REQUIRED();
  return new Tracing(categories);
}

function getEnabledCategories() {
  return undefined;
}

module.exports = { createTracing, getEnabledCategories };
