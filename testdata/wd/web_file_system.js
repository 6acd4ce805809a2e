import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";

const root = () => navigator.storage.getDirectory();
const temp = async () => (await root()).getDirectoryHandle("tmp");

export const directories = {
  async test() {
    const directory = await root();
    assert.strictEqual(directory.kind, "directory");
    assert.strictEqual(directory.name, "");
    assert.deepStrictEqual(await Array.fromAsync(directory.keys()), ["bundle", "tmp", "dev"]);
    const made = await (await temp()).getDirectoryHandle("made", { create: true });
    await made.getFileHandle("a", { create: true });
    const entries = await Array.fromAsync(made);
    assert.deepStrictEqual(entries.map(([name, handle]) => `${name} ${handle.kind} ${handle.name}`), ["a file a"]);
    const seen = [];
    made.forEach((name, handle, parent) => seen.push(name, handle.kind, parent === made));
    assert.deepStrictEqual(seen, ["a", "file", true]);
    assert.ok(await made.isSameEntry(await (await temp()).getDirectoryHandle("made")));
    assert.ok(!(await made.isSameEntry(await temp())));
    const id = await made.getUniqueId();
    assert.strictEqual(await made.getUniqueId(), id);
    assert.match(id, /^[0-9a-f-]{36}$/);
  },
};

export const missingAndMistaken = {
  async test() {
    const directory = await temp();
    const file = await directory.getFileHandle("file", { create: true });
    await directory.getDirectoryHandle("directory", { create: true });
    await assert.rejects(directory.getFileHandle("none"), { name: "NotFoundError", message: "Not found" });
    await assert.rejects(directory.getDirectoryHandle("none"), { name: "NotFoundError", message: "Directory not opened or created" });
    await assert.rejects(directory.getFileHandle("directory"), { name: "TypeMismatchError", message: "File name is a directory" });
    await assert.rejects(directory.getDirectoryHandle("file"), { name: "TypeMismatchError", message: "File name is a file" });
    for (const name of ["", ".", "..", "a/b", "a\\b"]) {
      await assert.rejects(directory.getFileHandle(name), { name: "TypeError", message: "Invalid file name" });
      await assert.rejects(directory.getDirectoryHandle(name), { name: "TypeError", message: "Invalid directory name" });
      await assert.rejects(directory.removeEntry(name), { name: "TypeError", message: "Invalid name" });
    }
    await file.remove();
    await assert.rejects(file.getFile(), { name: "NotFoundError", message: "Not found" });
    await assert.rejects(file.createWritable(), { name: "NotFoundError", message: "File not found" });
    await assert.rejects(file.remove(), { name: "NotFoundError", message: "The entry was not found." });
    await assert.rejects(directory.removeEntry("file"), { name: "NotFoundError", message: "File not found" });
  },
};

export const removal = {
  async test() {
    const directory = await temp();
    const full = await directory.getDirectoryHandle("full", { create: true });
    await full.getFileHandle("file", { create: true });
    await assert.rejects(directory.removeEntry("full"), { name: "InvalidModificationError", message: "Directory not empty" });
    await directory.removeEntry("full", { recursive: true });
    assert.deepStrictEqual(await Array.fromAsync(directory.keys()), []);
    await assert.rejects(Array.fromAsync(full.keys()), { name: "NotFoundError", message: "Not found" });
  },
};

export const writing = {
  async test() {
    const directory = await temp();
    const file = await directory.getFileHandle("text", { create: true });
    const stream = await file.createWritable();
    assert.ok(stream instanceof WritableStream);
    await stream.write("hello ");
    await stream.write(new TextEncoder().encode("world"));
    await stream.write(new Blob(["!"]));
    await stream.write({ type: "write", position: 0, data: "J" });
    await stream.write({ type: "seek", position: 14 });
    await stream.write("?");
    await stream.truncate(13);
    await assert.rejects(directory.removeEntry("text"), { name: "NoModificationAllowedError", message: "Cannot remove an entry that is currently locked." });
    assert.strictEqual(await (await file.getFile()).text(), "");
    await stream.close();
    const written = await file.getFile();
    assert.strictEqual(written.name, "text");
    assert.strictEqual(await written.text(), "Jello world!\0");
    assert.strictEqual(readFileSync("/tmp/text", "utf8"), "Jello world!\0");
    await assert.rejects(stream.write("more"), { name: "TypeError", message: "write() after closed" });

    writeFileSync("/tmp/text", "kept");
    const keeping = await file.createWritable({ keepExistingData: true });
    await keeping.seek(4);
    const writer = keeping.getWriter();
    await writer.write(", and more");
    await writer.close();
    assert.strictEqual(readFileSync("/tmp/text", "utf8"), "kept, and more");

    const given = await file.createWritable();
    await given.write("never seen");
    await given.abort();
    assert.strictEqual(readFileSync("/tmp/text", "utf8"), "kept, and more");
    await directory.removeEntry("text");
  },
};

export const wrongWrites = {
  async test() {
    const stream = await (await (await temp()).getFileHandle("wrong", { create: true })).createWritable();
    await assert.rejects(stream.write({ type: "write", data: null }), { name: "TypeError", message: "write() requires a non-null data parameter" });
    await assert.rejects(stream.write({ type: "write" }), { name: "SyntaxError", message: "write() requires a non-null data parameter" });
    await assert.rejects(stream.write({ type: "seek" }), { name: "SyntaxError", message: "seek() requires a position parameter" });
    await assert.rejects(stream.write({ type: "truncate" }), { name: "SyntaxError", message: "truncate() requires a size parameter" });
    await assert.rejects(stream.write({ type: "other" }), { name: "TypeError", message: "Invalid write type: other" });
    await stream.close();
  },
};

export const whatCannotBeWritten = {
  async test() {
    const bundle = await (await root()).getDirectoryHandle("bundle");
    const module = await bundle.getFileHandle("worker");
    assert.match(await (await module.getFile()).text(), /whatCannotBeWritten/);
    await assert.rejects(bundle.getFileHandle("new", { create: true }));
    await assert.rejects(bundle.removeEntry("worker"));
    const stream = await module.createWritable();
    await stream.write("x");
    await assert.rejects(stream.close());
    await assert.rejects((await root()).getDirectoryHandle("new", { create: true }));
  },
};
