// Worker exceeded CPU time limit.
export default { fetch() { return { then() { for (;;); } }; } };
