import assert from "node:assert";
import dns from "node:dns";
import dnsPromises from "node:dns/promises";

export const lookup = {
  async test() {
    assert.deepStrictEqual(await dnsPromises.lookup("127.0.0.1"), { address: "127.0.0.1", family: 4 });
    assert.deepStrictEqual(await dnsPromises.lookup("::1", { all: true }), [{ address: "::1", family: 6 }]);
    assert.deepStrictEqual(await new Promise((resolve) => dns.lookup("", (...all) => resolve(all))), [null, null, 4]);
    assert.throws(() => dns.lookup(1, () => {}), { code: "ERR_INVALID_ARG_TYPE" });
    assert.throws(() => dns.lookup("a", { family: 5 }, () => {}), {
      code: "ERR_INVALID_ARG_VALUE",
      message: "The property 'options.family' must be one of: 0, 4, 6. Received 5",
    });
    assert.throws(() => dns.lookup("a", { hints: 1 }, () => {}), { code: "ERR_OPTION_NOT_IMPLEMENTED" });
  },
};

export const settings = {
  async test() {
    assert.strictEqual(dns.getDefaultResultOrder(), "verbatim");
    assert.strictEqual(dns.getServers()[0], "1.1.1.1");
    assert.throws(() => dns.setServers([]), { message: "Not implemented" });
    assert.strictEqual(dns.NODATA, "ENODATA");
    assert.throws(() => dnsPromises.resolve("a", "X"), { code: "ERR_INVALID_ARG_VALUE" });
    assert.strictEqual(new dns.Resolver().getServers().length, 4);
    await assert.rejects(dnsPromises.resolveAny("a"), { message: "Not implemented" });
  },
};
