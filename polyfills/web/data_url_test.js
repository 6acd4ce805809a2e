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

// What is no base64 does not load.
export const refusesBadBase64 = {
  async test() {
    for (const bad of ["ab=c", "a", "%FF%FF"]) await assert.rejects(fetch("data:;base64," + bad), TypeError);
    assert.deepStrictEqual([...(await (await fetch("data:;base64,a%20b")).bytes())], [105]);
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
