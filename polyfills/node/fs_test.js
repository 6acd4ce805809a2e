import assert from "node:assert";
import fs from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";

function thrown(call) {
  try {
    call();
  } catch (error) {
    return `${error.name} ${error.code} ${error.message}`;
  }
  return "nothing";
}

export const whatThereIs = {
  test() {
    assert.deepStrictEqual(fs.readdirSync("/"), ["bundle", "tmp", "dev"]);
    assert.deepStrictEqual(fs.readdirSync("/dev"), ["null", "zero", "full", "random"]);
    assert.ok(fs.readdirSync("/bundle").length > 0);
    assert.ok(fs.readdirSync("/bundle").some((name) => fs.readFileSync(`/bundle/${name}`, "utf8").includes("whatThereIs")));
    assert.strictEqual(fs.readFileSync("/dev/null").length, 0);
  },
};

export const filesComeAndGo = {
  test() {
    assert.strictEqual(fs.writeFileSync("/tmp/a", "hello"), 5);
    fs.appendFileSync("/tmp/a", " world");
    assert.strictEqual(fs.readFileSync(new URL("file:///tmp/a"), "utf8"), "hello world");
    assert.deepStrictEqual([fs.statSync("/tmp/a").size, fs.statSync("/tmp/a").mode, fs.statSync("/tmp").mode, fs.statSync("/bundle").mode], [11, 33206, 16822, 16676]);
    fs.copyFileSync("/tmp/a", "/tmp/b");
    fs.renameSync("/tmp/b", "/tmp/c");
    assert.deepStrictEqual(fs.readdirSync("/tmp"), ["a", "c"]);
    fs.symlinkSync("/tmp/a", "/tmp/l");
    assert.deepStrictEqual([fs.readlinkSync("/tmp/l"), fs.readFileSync("/tmp/l", "utf8"), fs.lstatSync("/tmp/l").isSymbolicLink()], ["/tmp/a", "hello world", true]);
    fs.truncateSync("/tmp/a", 3);
    assert.strictEqual(fs.readFileSync("/tmp/l", "utf8"), "hel");
    fs.unlinkSync("/tmp/l");
    fs.rmSync("/tmp/c");
    assert.deepStrictEqual(fs.readdirSync("/tmp"), ["a"]);
  },
};

export const requestsHaveTheirOwn = {
  test() {
    assert.deepStrictEqual(fs.readdirSync("/tmp"), []);
  },
};

export const refusals = {
  async test() {
    assert.strictEqual(thrown(() => fs.readFileSync("/tmp/nope")), "Error ENOENT no such file or directory, readAll '/tmp/nope'");
    assert.strictEqual(thrown(() => fs.statSync("/tmp/nope")), "Error ENOENT no such file or directory, stat '/tmp/nope'");
    assert.strictEqual(thrown(() => fs.writeFileSync("/bundle/x", "a")), "Error EPERM operation not permitted");
    assert.strictEqual(thrown(() => fs.writeFileSync("/tmp", "a")), "Error EISDIR illegal operation on a directory");
    assert.strictEqual(thrown(() => fs.readSync(99, Buffer.alloc(1))), "Error EBADF bad file descriptor");
    assert.strictEqual(thrown(() => fs.writeFileSync("/tmp/big", Buffer.alloc(129 << 20))), "Error EPERM File size limit exceeded");
    assert.strictEqual(thrown(() => fs.readFileSync("/tmp/\0")), "TypeError ERR_INVALID_ARG_VALUE The argument 'path' must not contain null bytes. Received '/tmp/\\x00'");
    assert.strictEqual(thrown(() => fs.watch("/tmp")), "Error ERR_UNSUPPORTED_OPERATION The requested operation is unsupported");
    const error = await new Promise((resolve) => fs.readFile("/tmp/nope", resolve));
    assert.strictEqual(error.code, "ENOENT");
    await assert.rejects(readFile("/tmp/nope"), { code: "ENOENT", syscall: "readAll", path: "/tmp/nope" });
  },
};

export const filesOfTheProgram = {
  async test() {
    const stats = fs.fstatSync(1);
    assert.deepStrictEqual([stats.isFile(), stats.size, stats.mode], [true, 0, 33206]);
    fs.closeSync(1);
    assert.strictEqual(fs.writeSync(1, "a line\nand ", 1000), 11);
    assert.strictEqual(fs.writeSync(1, Buffer.alloc(16385, "x\n")), 16384);
    assert.strictEqual(fs.writeSync(0, "nobody"), 6);
    assert.strictEqual(fs.readSync(0, Buffer.alloc(4)), 0);
    assert.strictEqual(fs.readFileSync(2).length, 0);
    assert.strictEqual(thrown(() => fs.ftruncateSync(1)), "Error EPERM operation not permitted");
    assert.strictEqual(thrown(() => fs.futimesSync(2, 1, 1)), "Error EPERM operation not permitted");
    assert.strictEqual(fs.openSync("/tmp/first", "w"), 3);
  },
};

export const streamsThatWereAborted = {
  async test() {
    fs.writeFileSync("/tmp/aborted", "abc");
    const handle = await open("/tmp/aborted");
    const stream = handle.createReadStream({ signal: AbortSignal.abort() });
    const closed = new Promise((resolve) => handle.on("close", resolve));
    const error = await new Promise((resolve) => stream.on("error", resolve));
    assert.strictEqual(error.name, "AbortError");
    await closed;
  },
};

export const argumentsOfCallbacks = {
  async test() {
    fs.writeFileSync("/tmp/arguments", "abc");
    const never = () => assert.fail("called");
    assert.throws(() => fs.truncate("/tmp/arguments", -1), { code: "ERR_OUT_OF_RANGE" });
    assert.throws(() => fs.copyFile("/tmp/arguments", "/tmp/other", 123), { code: "ERR_INVALID_ARG_VALUE" });
    assert.throws(() => fs.rename("/tmp/arguments", 1), { code: "ERR_INVALID_ARG_TYPE" });
    assert.throws(() => fs.cp("/tmp/arguments", "/tmp/other", { filter: () => true }, never), { code: "ERR_UNSUPPORTED_OPERATION" });
    const error = await new Promise((resolve) => fs.utimes("/tmp/arguments", 1, new Date("never"), resolve));
    assert.strictEqual(error.message, "The value cannot be converted because it is not a valid Date.");
    const fd = fs.openSync("/tmp/arguments", "r+");
    await new Promise((resolve) => fs.write(fd, "xy", { offset: 1, position: 2 }, resolve));
    assert.strictEqual(fs.readFileSync("/tmp/arguments", "utf8"), "aby");
  },
};

export const globs = {
  async test() {
    const cwd = "/tmp/globs";
    fs.mkdirSync(`${cwd}/a/.hidden`, { recursive: true });
    fs.mkdirSync(`${cwd}/b/c`, { recursive: true });
    for (const name of ["a/one.js", "a/.hidden/two.js", "b/c/three.js", "b/c/[x]"]) fs.writeFileSync(`${cwd}/${name}`, "");
    fs.symlinkSync(`${cwd}/b`, `${cwd}/l`);
    const glob = (pattern, options) => fs.globSync(pattern, { cwd, ...options }).sort();
    assert.deepStrictEqual(glob("**/*.js"), ["a/.hidden/two.js", "a/one.js", "b/c/three.js"]);
    assert.deepStrictEqual(glob("*/*/*.js"), ["a/.hidden/two.js", "b/c/three.js", "l/c/three.js"]);
    assert.deepStrictEqual(glob(["b/{c,d}/**", "l"]), ["b/c", "b/c/[x]", "b/c/three.js", "l"]);
    assert.deepStrictEqual(glob("b/c/\\[x\\]"), ["b/c/[x]"]);
    assert.deepStrictEqual(glob("a/../b/c/!(three*)"), ["b/c/[x]"]);
    assert.deepStrictEqual(glob("../*"), []);
    assert.deepStrictEqual(glob("**", { exclude: ["**/c/**", "a/**", "l"] }), ["b"]);
    assert.deepStrictEqual(glob("**/**/**/**/*e.js", { exclude: (path) => path.startsWith("b") }), ["a/one.js"]);
    const [entry] = fs.globSync(new Set(["b/c"]), { cwd: new URL(`file://${cwd}`), withFileTypes: true });
    assert.deepStrictEqual([entry.name, entry.parentPath, entry.isDirectory()], ["c", "/tmp/globs/b", true]);
    const found = [];
    for await (const path of fs.promises.glob("a/*", { cwd })) found.push(path);
    assert.deepStrictEqual(found.sort(), ["a/.hidden", "a/one.js"]);
    assert.deepStrictEqual(await new Promise((resolve) => fs.glob("a/*", { cwd: 1 }, (error) => resolve(error.code))), "ERR_INVALID_ARG_TYPE");
    assert.throws(() => fs.glob("a", {}), { code: "ERR_INVALID_ARG_TYPE" });
    assert.throws(() => fs.globSync([1]), { code: "ERR_INVALID_ARG_TYPE" });
  },
};

export const directories = {
  test() {
    assert.strictEqual(fs.mkdirSync("/tmp/d/e/f", { recursive: true }), "/tmp/d");
    assert.deepStrictEqual(fs.readdirSync("/tmp/d", { recursive: true }), ["tmp/d/e", "tmp/d/e/f"]);
    assert.strictEqual(thrown(() => fs.rmdirSync("/tmp/d")), "Error ENOTEMPTY directory not empty, rm 'd'");
    fs.writeFileSync("/tmp/d/e/f/g", "x");
    fs.cpSync("/tmp/d", "/tmp/copy", { recursive: true });
    assert.strictEqual(fs.readFileSync("/tmp/copy/e/f/g", "utf8"), "x");
    fs.rmSync("/tmp/d", { recursive: true });
    assert.ok(!fs.existsSync("/tmp/d"));
    assert.match(fs.mkdtempSync("/tmp/foo-"), /^\/tmp\/foo-.+/);
    const dir = fs.opendirSync("/tmp/copy");
    assert.strictEqual(dir.readSync().name, "e");
    assert.strictEqual(dir.readSync(), null);
  },
};

export const openFiles = {
  async test() {
    const fd = fs.openSync("/tmp/o", "w+");
    assert.strictEqual(fs.writeSync(fd, "abcdef"), 6);
    const buffer = Buffer.alloc(4);
    assert.deepStrictEqual([fs.readSync(fd, buffer, 0, 4, 1), buffer.toString(), fs.readSync(fd, buffer, 0, 4, null)], [4, "bcde", 0]);
    fs.ftruncateSync(fd, 2);
    assert.strictEqual(fs.fstatSync(fd).size, 2);
    fs.closeSync(fd);
    const handle = await open("/tmp/o", "r+");
    const { bytesRead } = await handle.read(buffer, 0, 4, 0);
    assert.deepStrictEqual([bytesRead, buffer.toString("utf8", 0, 2)], [2, "ab"]);
    await handle.close();
  },
};

export const streams = {
  async test() {
    const text = "0123456789".repeat(20000);
    await new Promise((resolve, reject) => {
      const stream = fs.createWriteStream("/tmp/s");
      stream.on("finish", resolve).on("error", reject);
      stream.write(text.slice(0, 5));
      stream.end(text.slice(5));
    });
    let read = "";
    for await (const chunk of fs.createReadStream("/tmp/s", "utf8")) read += chunk;
    assert.strictEqual(read, text);
    let part = "";
    for await (const chunk of fs.createReadStream("/tmp/s", { start: 3, end: 6, encoding: "utf8" })) part += chunk;
    assert.strictEqual(part, "3456");
    await writeFile("/tmp/s", "new");
    assert.strictEqual(await readFile("/tmp/s", "utf8"), "new");
    await assert.rejects(async () => {
      for await (const _chunk of fs.createReadStream("/tmp/nope"));
    }, { code: "ENOENT" });
  },
};

export const streamsByOptions = {
  async test() {
    fs.writeFileSync("/tmp/options.txt", "0123456789");
    const calls = [];
    const own = { read: (...args) => (calls.push("read"), fs.read(...args)), close: (...args) => (calls.push("close"), fs.close(...args)) };
    const read = fs.createReadStream("/tmp/options.txt", { fs: own, start: 2, end: 4, encoding: "utf8" });
    let text = "";
    for await (const chunk of read) text += chunk;
    assert.strictEqual(text, "234");
    assert.deepStrictEqual(calls, ["read", "close"]);
    const write = fs.createWriteStream("/tmp/options.txt", { flags: "r+", start: 5, flush: true });
    write.write("ab");
    await new Promise((resolve) => write.close(resolve));
    assert.strictEqual(fs.readFileSync("/tmp/options.txt", "utf8"), "01234ab789");
    assert.throws(() => fs.createReadStream("/tmp/a", { start: 3, end: 2 }), { code: "ERR_OUT_OF_RANGE" });
    assert.throws(() => fs.createReadStream("/tmp/a", { signal: 1 }), { code: "ERR_INVALID_ARG_TYPE" });
    const handle = await fs.promises.open("/tmp/options.txt");
    let web = "";
    for await (const chunk of handle.readableWebStream()) web += new TextDecoder().decode(chunk);
    assert.strictEqual(web, "01234ab789");
    assert.throws(() => handle.readableWebStream(), { code: "EBADF" });
  },
};

export const workingDirectory = {
  test() {
    process.chdir("/tmp");
    try {
      fs.writeFileSync("here.txt", "1");
      assert.strictEqual(fs.existsSync("/tmp/here.txt"), true);
      fs.mkdirSync("below");
      process.chdir("./below/");
      assert.strictEqual(process.cwd(), "/tmp/below");
      process.chdir("..");
      assert.strictEqual(thrown(() => process.chdir("nope")), "Error ENOENT no such file or directory, chdir 'tmp/nope'");
      assert.strictEqual(thrown(() => process.chdir("here.txt")), "Error ENOTDIR not a directory, chdir 'tmp/here.txt'");
      assert.throws(() => process.chdir(1), { code: "ERR_INVALID_ARG_TYPE" });
    } finally {
      process.chdir("/bundle");
    }
  },
};
