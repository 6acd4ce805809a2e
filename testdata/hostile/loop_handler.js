// Worker exceeded CPU time limit.
export default { fetch() { for (;;); } };
