// Worker exceeded CPU time limit.
import { brotliCompressSync } from "node:zlib";
export default { fetch() { for (;;) brotliCompressSync("hello world 12345 ".repeat(1e6)); } };
