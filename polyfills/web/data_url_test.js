import assert from "node:assert";

async function load(url) {
  const response = await fetch(url);
  return [response.headers.get("content-type"), await response.text()];
}

export const parses = {
  async test() {
    assert.deepStrictEqual(await load("data:,a%20b#c"), ["text/plain;charset=US-ASCII", "a b"]);
    assert.deepStrictEqual(await load("data:TEXT/Html;A=\"b\",1"), ["text/html;a=b", "1"]);
    assert.deepStrictEqual(await load("data:;charset=x,1"), ["text/plain;charset=x", "1"]);
    assert.deepStrictEqual(await load("data:text/plain; BASE64 ,aGk="), ["text/plain", "hi"]);
    assert.deepStrictEqual(await load("data:bad;base64;x,1"), ["text/plain;charset=US-ASCII", "1"]);
    await assert.rejects(fetch("data:x"), { name: "TypeError", message: "Fetch API cannot load: data:x" });
  },
};

// What is not base64 is passed over.
export const toleratesBadBase64 = {
  async test() {
    assert.deepStrictEqual([...(await (await fetch("data:;base64,ab=c")).bytes())], [105, 183]);
    assert.deepStrictEqual([...(await (await fetch("data:;base64,a")).bytes())], []);
  },
};

export const aResponseLikeAnyOther = {
  async test() {
    const response = await fetch("data:,x");
    assert.deepStrictEqual([response.status, response.statusText, response.url], [200, "OK", ""]);
    response.headers.set("a", "b");
    assert.strictEqual(await (await fetch("data:,x", { method: "HEAD" })).text(), "");
  },
};
