// Worker exceeded CPU time limit.
export default { fetch() { return new Response(Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)); } };
