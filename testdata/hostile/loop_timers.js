// Worker exceeded CPU time limit.
const burn = () => { const end = performance.now(); for (let i = 0; i < 2e5; i++) Math.sqrt(i); return end; };
export default { async fetch() { for (;;) { burn(); await new Promise((r) => setTimeout(r, 0)); } } };
