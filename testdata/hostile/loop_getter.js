// Worker exceeded CPU time limit.
export default { fetch() { return { get then() { for (;;); } }; } };
