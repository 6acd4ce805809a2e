// Worker exceeded CPU time limit.
export default { async fetch() { for (;;) await 0; } };
