// Worker exceeded memory limit.
export default { fetch() { let f = () => 0; for (;;) { const g = f, x = new Array(100).fill(0); f = () => g(x); } } };
