import assert from "node:assert";

const typeOf = async (...values) => (await new Response("x", { headers: values.map((value) => ["content-type", value]) }).blob()).type;

export const normalizes = {
  async test() {
    assert.strictEqual(await typeOf('Text/HTML;Charset="utf-8"'), "text/html;charset=utf-8");
    assert.strictEqual(await typeOf(' text/html ; a = b; c="d e"'), 'text/html;c="d e"');
    assert.strictEqual(await typeOf("text/html;x=1;X=2;;y="), "text/html;x=1");
    assert.strictEqual(await typeOf('a/b;q="\\"\\x'), 'a/b;q="\\"x"');
    assert.strictEqual(await typeOf("bad"), "");
    assert.strictEqual(await typeOf("a b/c"), "");
  },
};

export const combinesHeaders = {
  async test() {
    assert.strictEqual(await typeOf("a/b", "c/d"), "c/d");
    assert.strictEqual(await typeOf("text/html;charset=a", "text/html;x=y"), "text/html;x=y;charset=a");
    assert.strictEqual(await typeOf("text/html", "bad"), "text/html");
  },
};
