import assert from "node:assert";
import tls from "node:tls";

export const identity = {
  test() {
    const cert = (altNames, CN) => ({ subject: { CN }, subjectaltname: altNames });
    assert.strictEqual(tls.checkServerIdentity("a.example.com", cert("DNS:*.example.com")), undefined);
    assert.strictEqual(tls.checkServerIdentity("::1", cert("IP Address:0:0:0:0:0:0:0:1")), undefined);
    const error = tls.checkServerIdentity("b.a.example.com", cert("DNS:*.example.com, DNS:example.org"));
    assert.strictEqual(error.code, "ERR_TLS_CERT_ALTNAME_INVALID");
    assert.strictEqual(error.message, "Host: b.a.example.com. is not in the cert's altnames: DNS:*.example.com, DNS:example.org");
    assert.strictEqual(tls.checkServerIdentity("x.com", cert(undefined, "*.com")).reason, "Host: x.com. is not cert's CN: *.com");
    assert.strictEqual(tls.checkServerIdentity("x.com", {}).message, "Cert does not contain a DNS name");
  },
};

export const options = {
  test() {
    assert.throws(() => tls.connect({ port: 1, rejectUnauthorized: false }), { code: "ERR_OPTION_NOT_IMPLEMENTED" });
    assert.throws(() => new tls.TLSSocket(undefined, { isServer: true }), { message: "The options.isServer option is not implemented" });
    assert.throws(() => new tls.TLSSocket(undefined, { secureContext: {} }), { code: "ERR_TLS_INVALID_CONTEXT" });
    assert.throws(() => tls.createServer(), { message: "Not implemented" });
    const out = {};
    tls.convertALPNProtocols(["h2", "http/1.1"], out);
    assert.strictEqual(out.ALPNProtocols.toString("latin1"), "\x02h2\x08http/1.1");
    assert.strictEqual(tls.createSecureContext().context, undefined);
  },
};
