import assert from "node:assert";

const kDisposition = 'Content-Disposition: form-data; name="a"';

async function parse(body, type = "multipart/form-data; boundary=x") {
  const entries = [];
  for (const [name, value] of await new Response(body, { headers: { "content-type": type } }).formData()) {
    entries.push(name, typeof value === "string" ? value : `${value.name}|${value.type}|${await value.text()}`);
  }
  return entries;
}

export const serializes = {
  async test() {
    const form = new FormData();
    form.append('a"b\nc', "1\n2");
    form.append("f", new Blob(["x\n"], { type: "t/t" }), 'n"m');
    form.append("g", new File(["y"], "\u00e9"));
    const response = new Response(form);
    const type = response.headers.get("content-type");
    const boundary = /^multipart\/form-data; boundary=([0-9a-f]{32})$/.exec(type)[1];
    assert.strictEqual(
      (await response.text()).replaceAll(boundary, "BB"),
      '--BB\r\nContent-Disposition: form-data; name="a%22b%0Ac"\r\n\r\n1\n2\r\n' +
        '--BB\r\nContent-Disposition: form-data; name="f"; filename="n%22m"\r\nContent-Type: t/t\r\n\r\nx\n\r\n' +
        '--BB\r\nContent-Disposition: form-data; name="g"; filename="\u00e9"\r\nContent-Type: application/octet-stream\r\n\r\ny\r\n--BB--\r\n',
    );
  },
};

export const roundTripsBytes = {
  async test() {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const form = new FormData();
    form.append("f", new File([bytes], "\u4e2d"));
    form.append("t", "\u4e2d");
    const copy = await new Response(form).formData();
    assert.deepStrictEqual(await copy.get("f").bytes(), bytes);
    assert.deepStrictEqual([copy.get("f").name, copy.get("t")], ["\u4e2d", "\u4e2d"]);
    assert.deepStrictEqual([...(await new Response(new FormData()).formData())], []);
  },
};

export const parses = {
  async test() {
    assert.deepStrictEqual(await parse(`preamble\r\n--x\r\n${kDisposition}\r\n\r\n1\r\n--x\r\n${kDisposition}\r\n\r\n2\r\n--x--\r\nend`), ["a", "1", "a", "2"]);
    assert.deepStrictEqual(await parse(`--x\n${kDisposition}\n\n1\n--x--`), ["a", "1"]);
    assert.deepStrictEqual(await parse(`--x\r\n${kDisposition}; filename="f"\r\nContent-Type: Text/Plain\r\n\r\n1\r\n--x--`), ["a", "f|Text/Plain|1"]);
    assert.deepStrictEqual(await parse(`--x\r\n${kDisposition}; filename=""\r\n\r\n1\r\n--x--`), ["a", "1"]);
    assert.deepStrictEqual(await parse('--x\r\ncontent-disposition:form-data;name="a\\"b"\r\n\r\n\r\n--x--'), ['a"b', ""]);
    assert.deepStrictEqual(await parse("--x--"), []);
    assert.deepStrictEqual(await parse(`--a b\r\n${kDisposition}\r\n\r\n1\r\n--a b--`, 'Multipart/Form-Data; Boundary="a b"'), ["a", "1"]);
    assert.deepStrictEqual(await parse("a=1&b=%20c+d", "application/x-www-form-urlencoded"), ["a", "1", "b", " c d"]);
  },
};

export const refusesMalformedBodies = {
  async test() {
    const cases = [
      ["", "No initial boundary string (or you have a truncated message)."],
      ["--x", "No initial boundary string (or you have a truncated message)."],
      ["--x\r\n", "No multipart message header termination found."],
      ["--xy\r\n", "Boundary string was not succeeded by CRLF, LF, or '--'."],
      [`--x\r\n${kDisposition}\r\n\r\n1`, "No subsequent boundary string after multipart message."],
      ["--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--", "Content-Disposition header in FormData part is missing a name."],
    ];
    for (const [body, message] of cases) await assert.rejects(parse(body), { name: "TypeError", message });
    await assert.rejects(new Response(null).formData(), { message: "Parsing a Body as FormData requires a Content-Type header." });
    await assert.rejects(parse("a=1", "application/x-www-form-urlencoded; charset=latin1"), { message: "Non-utf-8 application/x-www-form-urlencoded body." });
  },
};
