// Worker exceeded CPU time limit.
export default { fetch() { return new Response({ toString() { for (;;); } }); } };
