// Worker exceeded memory limit.
export default { fetch() { const all = []; for (;;) { const b = new ArrayBuffer(8, { maxByteLength: 1 << 26 }); b.resize(1 << 26); new Uint8Array(b).fill(1); all.push(b); } } };
