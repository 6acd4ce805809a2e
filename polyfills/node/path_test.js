import assert from "node:assert";
import path, { posix, win32 } from "node:path";
import posixModule from "node:path/posix";
import win32Module from "node:path/win32";

// Calls a function with the lists before the last item of each row, which is what it gives.
function table(fn, ...rows) {
  for (const row of rows) assert.deepStrictEqual(fn(...row.slice(0, -1)), row[row.length - 1], JSON.stringify(row));
}

export const identity = {
  test() {
    assert.ok(path === posix && posix === posixModule && win32 === win32Module && posix.win32 === win32 && win32.posix === posix);
    assert.deepStrictEqual([path.sep, path.delimiter, win32.sep, win32.delimiter], ["/", ":", "\\", ";"]);
  },
};

export const posixPaths = {
  test() {
    table(posix.normalize, ["/a/../../b//c/.", "/b/c"], ["../a/..", ".."], ["./", "./"], ["", "."], ["a//b/", "a/b/"], ["/..", "/"]);
    table(posix.join, ["a", "..", "..", "b", "../b"], ["", "."], ["/a", "/b", "/a/b"]);
    table(posix.resolve, ["/a", "b", "..", "c", "/a/c"], ["a", "/a"], ["/a", "/b", "/b"], ["/"]);
    table(posix.relative, ["/a/b/c", "/a/d", "../../d"], ["/a", "/a/b", "b"], ["/a/b", "/", "../.."], ["/a", "/a", ""]);
    table(posix.dirname, ["/a/b/", "/a"], ["/a", "/"], ["a", "."], ["//a", "//"], ["", "."], ["a//b", "a/"]);
    table(posix.basename, ["/a/b.html", ".html", "b"], ["b.html", "b.html", ""], ["a/b//", "b"], ["///", ".c", "///"], [".js", ".js", ""]);
    table(posix.extname, ["a.b.c", ".c"], [".a", ""], ["a.", "."], ["..", ""], ["a.b/", ".b"]);
    table(posix.parse, ["/a/b.c", { root: "/", dir: "/a", base: "b.c", ext: ".c", name: "b" }], ["./x", { root: "", dir: ".", base: "x", ext: "", name: "x" }]);
    table(posix.format, [{ dir: "/a", base: "b" }, "/a/b"], [{ root: "/", name: "n", ext: "x" }, "/n.x"], [{}, ""]);
    assert.throws(() => posix.join("a", 1), { code: "ERR_INVALID_ARG_TYPE", message: 'The "path" argument must be of type string. Received type number (1)' });
    assert.throws(() => posix.resolve("a", 1), { message: 'The "paths[1]" argument must be of type string. Received type number (1)' });
  },
};

export const windowsPaths = {
  test() {
    table(win32.normalize, ["C:/a/..\\b", "C:\\b"], ["\\\\srv\\share", "\\\\srv\\share\\"], ["C:..\\a", "C:..\\a"], ["/", "\\"], ["\\\\srv/share/a/..", "\\\\srv\\share\\"]);
    table(win32.join, ["//srv", "share", "a", "\\\\srv\\share\\a"], ["/", "/a", "\\a"], ["C:", "a", "C:\\a"]);
    table(win32.resolve, ["C:\\a", "D:b", "D:\\b"], ["c:/x", "C:y", "C:\\x\\y"], ["\\"]);
    table(win32.relative, ["C:\\a\\b", "c:\\A\\c", "..\\c"], ["C:\\a", "D:\\a", "D:\\a"], ["C:\\", "C:\\x", "x"]);
    table(win32.isAbsolute, ["C:\\", true], ["C:", false], ["\\", true], ["a", false]);
    table(win32.dirname, ["C:\\a\\b", "C:\\a"], ["C:a", "C:"], ["\\\\srv\\share\\a", "\\\\srv\\share\\"], ["\\a", "\\"]);
    table(win32.basename, ["C:a.txt", ".txt", "a"], ["C:\\", ""]);
    table(win32.parse, ["\\\\srv\\share\\a.b", { root: "\\\\srv\\share\\", dir: "\\\\srv\\share\\", base: "a.b", ext: ".b", name: "a" }]);
    table(win32.toNamespacedPath, ["C:\\a", "\\\\?\\C:\\a"], ["\\\\srv\\share\\a", "\\\\?\\UNC\\srv\\share\\a"]);
    table(win32.format, [{ dir: "C:\\a", base: "b" }, "C:\\a\\b"]);
  },
};

export const globs = {
  test() {
    const yes = ["/foo/bar /foo/*", "a.js *.{js,ts}", "x/y x/**/y", "x/a/b/y x/**/y", ".a .*", "a5 a{1..6}", "ab +(a|b)", "a !(b)", "] []a]", "a/../b b", "a/ a/**", "a/b/ a/b", "a{}b a{}b"];
    const no = ["/foo/bar/baz /foo/*", ".a *", "a/.b/c **/c", "a a/**", "a*b a\\*b", "b !(b)", "a/b a**b", "a [z-a]", "\u{1f600} ?", "a [[:alpha:]]", "a {a}", "a/b a[/]b"];
    const matches = (line) => path.matchesGlob(...line.split(" "));
    assert.deepStrictEqual([yes.filter((line) => !matches(line)), no.filter(matches)], [[], []]);
    assert.deepStrictEqual([path.win32.matchesGlob("a\\b", "a/*"), path.posix.matchesGlob("a\\b", "a/*")], [true, false]);
    assert.throws(() => path.matchesGlob(5, "a"), { code: "ERR_INVALID_ARG_TYPE", message: `The "path" argument must be of type string. Received type number (5)` });
  },
};
