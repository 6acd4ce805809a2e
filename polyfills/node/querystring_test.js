import assert from "node:assert";
import querystring from "node:querystring";

const parse = (...args) => JSON.stringify(querystring.parse(...args));

export const parsing = {
  test() {
    assert.strictEqual(parse("a=1&b=2&a=3"), '{"a":["1","3"],"b":"2"}');
    assert.strictEqual(parse("a&=b&&c=&d==e"), '{"a":"","":"b","c":"","d":"=e"}');
    assert.strictEqual(parse("%61+b=%E4%BD%A0&%zz=%ff&__proto__=1"), '{"a b":"\u4f60","%zz":"\ufffd","__proto__":"1"}');
    assert.strictEqual(parse("%\u0100=%\u0101"), '{"%\u0100":"%\u0101"}');
    assert.strictEqual(parse("a=>1&&b=>2", "&&", "=>"), '{"a":"1","b":"2"}');
    assert.strictEqual(parse("a=1&b=2&c=3", null, null, { maxKeys: 2 }), '{"a":"1","b":"2"}');
    assert.strictEqual(parse("&a", null, null, { maxKeys: 1 }), "{}");
    assert.strictEqual(parse("a", []), '{"a":""}');
    assert.strictEqual(parse("a=%41", null, null, { decodeURIComponent: (text) => `<${text}>` }), '{"<a>":"<%41>"}');
    assert.strictEqual(parse("a=%41", null, null, { decodeURIComponent() { throw 1; } }), '{"a":"A"}'); // prettier-ignore
    assert.strictEqual(Object.getPrototypeOf(querystring.parse(1)), null);
    assert.strictEqual(Object.keys(querystring.parse("k&".repeat(500) + Array.from({ length: 600 }, (_, i) => i).join("&"))).length, 501);
  },
};

export const making = {
  test() {
    const { stringify } = querystring;
    assert.strictEqual(stringify({ a: 1, b: ["x", true, 2n], c: null, d: NaN, e: {}, f: [] }), "a=1&b=x&b=true&b=2&c=&d=&e=");
    assert.strictEqual(stringify({ "\u00fc ": "\u20ac&=!'()*~" }), "%C3%BC%20=%E2%82%AC%26%3D!'()*~");
    assert.strictEqual(stringify({ a: 1, b: 2 }, ";", ":"), "a:1;b:2");
    assert.strictEqual(stringify({ a: "x y" }, null, null, { encodeURIComponent: (text) => `<${text}>` }), "<a>=<x y>");
    assert.strictEqual(stringify("text"), "");
  },
};

export const escaping = {
  test() {
    assert.strictEqual(querystring.escape({ toString: () => "z z" }), "z%20z");
    assert.throws(() => querystring.escape("\ud800"), { name: "URIError", code: "ERR_INVALID_URI", message: "URI malformed" });
    assert.strictEqual(querystring.escape("\udc00a"), "%F0%90%81%A1");
    assert.strictEqual(querystring.unescape("%zz%41%E4"), "%zzA\ufffd");
    assert.strictEqual(querystring.unescapeBuffer("a+b%20%zz", true).toString(), "a b %zz");
  },
};
