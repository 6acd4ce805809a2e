import assert from "node:assert";
import module, { builtinModules, createRequire, isBuiltin } from "node:module";
import { mock } from "node:test";
import events from "node:events";

export const requiring = {
  test() {
    const require = createRequire("/dir/file.js");
    assert.strictEqual(require("node:events"), events);
    assert.strictEqual(require("events"), events);
    assert.throws(() => require("./nothing"), { name: "Error", message: `No such module "dir/nothing".` });
    assert.throws(() => createRequire("dir"), { code: "ERR_INVALID_ARG_VALUE", message: /must be a file URL object, a file URL string, or an absolute path string/ });
    assert.throws(() => createRequire("file:///x?y"), { message: "The specifier must not have query string parameters or hash fragments." });
  },
};

export const names = {
  test() {
    assert.deepStrictEqual([isBuiltin("fs"), isBuiltin("test"), isBuiltin("node:test"), isBuiltin("other")], [true, false, true, false]);
    assert.ok(Object.isFrozen(builtinModules) && builtinModules.includes("stream/web") && !builtinModules.includes("test"));
    assert.throws(() => new module.Module(), { code: "ERR_METHOD_NOT_IMPLEMENTED", message: "The module.Module method is not implemented" });
    assert.throws(() => module.syncBuiltinESMExports(), { message: "The module.syncBuiltinESMExports method is not implemented" });
  },
};

export const mocks = {
  test() {
    const add = mock.fn((a, b) => a + b);
    add.mock.mockImplementationOnce(() => "once");
    assert.deepStrictEqual([add(1, 2), add(1, 2), add.mock.callCount(), add.mock.calls[1].result], ["once", 3, 2, 3]);
    const object = { value: 1, method: () => "real" };
    const method = mock.method(object, "method", () => "mocked");
    const property = mock.property(object, "value", 2);
    assert.deepStrictEqual([object.method(), object.value, method.mock.callCount(), property.mock.accessCount()], ["mocked", 2, 1, 1]);
    mock.reset();
    assert.deepStrictEqual([object.method(), object.value], ["real", 1]);
    assert.throws(() => mock.method(object, "nothing"), { code: "ERR_INVALID_ARG_VALUE" });
  },
};
