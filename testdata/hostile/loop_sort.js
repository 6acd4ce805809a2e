// Worker exceeded CPU time limit.
export default { fetch() { return new Response([3, 1, 2].sort(() => { for (;;); })); } };
