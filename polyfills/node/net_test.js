import assert from "node:assert";
import net from "node:net";
import { inspect } from "node:util";

export const addresses = {
  test() {
    const v6 = ["::", "::1", "2001:db8::8:800:200c:417a", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "fe80::1%eth0", "1::8"];
    for (const text of v6) assert.strictEqual(net.isIP(text), 6, text);
    for (const text of ["", "1:2:3:4:5:6:7", ":::", "1::2::3", "1.2.3", "1.2.3.256", "01.2.3.4", "12345::", null, {}]) assert.strictEqual(net.isIP(text), 0, `${text}`);
    assert.strictEqual(net.isIPv4("127.0.0.1"), true);
    assert.strictEqual(net.isIPv6("127.0.0.1"), false);
  },
};

export const socketAddress = {
  test() {
    const a = new net.SocketAddress({ address: "1.2.3.4", port: "80" });
    assert.deepStrictEqual(a.toJSON(), { address: "1.2.3.4", port: 80, family: "ipv4", flowlabel: 0 });
    assert.strictEqual(inspect(a), "SocketAddress { address: '1.2.3.4', port: 80, family: 'ipv4', flowlabel: 0 }");
    assert.strictEqual(net.SocketAddress.parse("[::1]:443").port, 443);
    assert.strictEqual(net.SocketAddress.parse("nothing"), undefined);
    assert.throws(() => new net.SocketAddress({ address: "::1" }), { code: "ERR_INVALID_ADDRESS", message: "Invalid socket address" });
    assert.throws(() => new net.SocketAddress({ port: 65536 }), {
      code: "ERR_SOCKET_BAD_PORT",
      message: "options.port should be >= 0 and < 65536. Received number.",
    });
  },
};

export const blockList = {
  test() {
    const list = new net.BlockList();
    list.addAddress("1.1.1.1");
    list.addRange("10.0.0.1", "10.0.0.10");
    list.addSubnet("8592:757c:efae:4e45::", 64, "ipv6");
    list.addSubnet("192.168.4.0", 22);
    assert.deepStrictEqual(list.rules, [
      "Address: IPv4 1.1.1.1",
      "Range: IPv4 10.0.0.1-10.0.0.10",
      "Subnet: IPv6 8592:757c:efae:4e45::/64",
      "Subnet: IPv4 192.168.4.0/22",
    ]);
    for (const text of ["1.1.1.1", "10.0.0.1", "10.0.0.10", "192.168.7.255"]) assert.strictEqual(list.check(text), true, text);
    for (const text of ["1.1.1.2", "10.0.0.11", "192.168.8.0", "x"]) assert.strictEqual(list.check(text), false, text);
    assert.strictEqual(list.check("::ffff:10.0.0.5", "ipv6"), true);
    assert.strictEqual(list.check("8592:757c:efae:4e45:f::1", "ipv6"), true);
    assert.strictEqual(list.check("8592:757c:efae:4e46::1", "ipv6"), false);
    const copy = new net.BlockList();
    copy.fromJSON(list.toJSON());
    assert.deepStrictEqual(copy.rules, list.rules);
    assert.throws(() => list.addRange("2.0.0.0", "1.0.0.0"), { code: "ERR_INVALID_ARG_VALUE" });
  },
};

export const socketOptions = {
  async test() {
    assert.throws(() => new net.Socket({ fd: 1 }), { code: "ERR_OPTION_NOT_IMPLEMENTED", message: "The options.fd option is not implemented" });
    assert.throws(() => new net.Socket({ objectMode: true }), { code: "ERR_INVALID_ARG_VALUE" });
    assert.throws(() => new net.Socket().connect({}), {
      code: "ERR_MISSING_ARGS",
      message: 'The "options" or "port" or "path" argument must be specified',
    });
    assert.throws(() => new net.Socket().setTimeout("1"), { code: "ERR_INVALID_ARG_TYPE" });
    const socket = net.Socket();
    assert.deepStrictEqual([socket.readyState, socket.pending, socket.connecting, socket.bytesRead, socket.allowHalfOpen], ["open", true, false, 0, false]);
    assert.deepStrictEqual(socket.address(), {});
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.destroy();
    assert.strictEqual(await closed, false);
  },
};
