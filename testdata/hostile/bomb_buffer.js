// Array buffer allocation failed
export default { fetch() { const a = []; for (;;) a.push(new Uint8Array(1 << 20).fill(1)); } };
