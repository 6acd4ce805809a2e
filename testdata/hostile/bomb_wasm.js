// Worker exceeded memory limit.
export default { fetch() { const all = []; for (;;) { const m = new WebAssembly.Memory({ initial: 512 }); new Uint8Array(m.buffer).fill(1); all.push(m); } } };
