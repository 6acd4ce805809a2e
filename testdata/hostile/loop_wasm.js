// Worker exceeded CPU time limit.
import module from "./loop.wasm";
export default { fetch() { new WebAssembly.Instance(module).exports.loop(); } };
