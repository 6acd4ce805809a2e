import assert from "node:assert";
import util from "node:util";

export const optionsAndPositionals = {
  test() {
    const options = { foo: { type: "boolean", short: "f" }, bar: { type: "string", short: "b", multiple: true }, def: { type: "string", default: "d" } };
    const { values, positionals } = util.parseArgs({ args: ["-fb1", "--bar=2", "x", "--", "-y"], options, allowPositionals: true });
    assert.deepEqual({ ...values }, { foo: true, bar: ["1", "2"], def: "d" });
    assert.deepEqual(positionals, ["x", "-y"]);
    const negated = util.parseArgs({ args: ["--no-foo"], options, allowNegative: true });
    assert.strictEqual(negated.values.foo, false);
    assert.throws(() => util.parseArgs({ args: ["--x"] }), { code: "ERR_PARSE_ARGS_UNKNOWN_OPTION" });
    assert.throws(() => util.parseArgs({ args: ["x"] }), { code: "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL" });
    assert.throws(() => util.parseArgs({ args: ["--bar"], options }), { message: "Option '-b, --bar <value>' argument missing" });
  },
};
