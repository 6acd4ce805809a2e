import assert from "node:assert";

const test = (fn) => ({ test: fn });

export const base64 = test(() => {
  assert.strictEqual(btoa("\xff\0a"), "/wBh");
  assert.strictEqual(btoa(null), "bnVsbA==");
  assert.strictEqual(atob(" Y Q = = "), "a");
  assert.strictEqual(atob("/w"), "\xff");
});

export const base64Errors = test(() => {
  const malformed =
    "atob() called with invalid base64-encoded data. (Only whitespace, '+', '/', alphanumeric ASCII, " +
    "and up to two terminal '=' signs when the input data length is divisible by 4 are allowed.)";
  for (const text of ["a", "!", "YQ=", "=", "YQ===", "\u00e9"]) assert.throws(() => atob(text), { name: "InvalidCharacterError", message: malformed, code: 5 });
  assert.throws(() => btoa("\u0100"), { name: "InvalidCharacterError", message: "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range." });
  assert.throws(() => atob(), { name: "TypeError", message: "Failed to execute 'atob' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'string'." });
  assert.throws(() => new btoa("x"), { name: "TypeError", message: "btoa is not a constructor" });
});
