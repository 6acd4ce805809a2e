"use strict";
// DOMException, https://webidl.spec.whatwg.org/#idl-DOMException
// As in the reference runtime code, name and message are own read-only properties and stack is enumerable.

const { Error, ErrorCaptureStackTrace, ObjectDefineProperty, ObjectSetPrototypeOf } = primordials;
const { define, defineConstants, toDOMString } = require("core/webidl");
const { registerCloneable } = require("core/clone");

// https://webidl.spec.whatwg.org/#dfn-error-names-table
const codes = {
  __proto__: null,
  IndexSizeError: 1,
  HierarchyRequestError: 3,
  WrongDocumentError: 4,
  InvalidCharacterError: 5,
  NoModificationAllowedError: 7,
  NotFoundError: 8,
  NotSupportedError: 9,
  InUseAttributeError: 10,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidModificationError: 13,
  NamespaceError: 14,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  URLMismatchError: 21,
  QuotaExceededError: 22,
  TimeoutError: 23,
  InvalidNodeTypeError: 24,
  DataCloneError: 25,
};

function readonly(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

let isDOMException;
let restoreStack;

class DOMException {
  // Only the brand.
  #exception;

  constructor(message = "", name = "Error") {
    message = toDOMString(message);
    name = toDOMString(name);
    readonly(this, "code", codes[name] ?? 0);
    readonly(this, "name", name);
    readonly(this, "message", message);
    ErrorCaptureStackTrace(this, DOMException);
    ObjectDefineProperty(this, "stack", { __proto__: null, enumerable: true });
  }

  static {
    isDOMException = (value) => typeof value === "object" && value !== null && #exception in value;
    restoreStack = (exception, stack) => {
      ObjectDefineProperty(exception, "stack", { __proto__: null, value: stack, writable: true, enumerable: true, configurable: true });
      return exception;
    };
  }
}
define(DOMException, "DOMException");
ObjectSetPrototypeOf(DOMException.prototype, Error.prototype);
defineConstants(DOMException, {
  INDEX_SIZE_ERR: 1,
  DOMSTRING_SIZE_ERR: 2,
  HIERARCHY_REQUEST_ERR: 3,
  WRONG_DOCUMENT_ERR: 4,
  INVALID_CHARACTER_ERR: 5,
  NO_DATA_ALLOWED_ERR: 6,
  NO_MODIFICATION_ALLOWED_ERR: 7,
  NOT_FOUND_ERR: 8,
  NOT_SUPPORTED_ERR: 9,
  INUSE_ATTRIBUTE_ERR: 10,
  INVALID_STATE_ERR: 11,
  SYNTAX_ERR: 12,
  INVALID_MODIFICATION_ERR: 13,
  NAMESPACE_ERR: 14,
  INVALID_ACCESS_ERR: 15,
  VALIDATION_ERR: 16,
  TYPE_MISMATCH_ERR: 17,
  SECURITY_ERR: 18,
  NETWORK_ERR: 19,
  ABORT_ERR: 20,
  URL_MISMATCH_ERR: 21,
  QUOTA_EXCEEDED_ERR: 22,
  TIMEOUT_ERR: 23,
  INVALID_NODE_TYPE_ERR: 24,
  DATA_CLONE_ERR: 25,
});

// The stack is the user's to overwrite, and is cloned only if it still is a string.
registerCloneable(
  1,
  "DOMException",
  isDOMException,
  (exception) => [exception.name, exception.message, typeof exception.stack === "string" ? exception.stack : ""],
  (data) => restoreStack(new DOMException(data[1], data[0]), data[2]),
);

module.exports = { DOMException, internals: { isDOMException } };
