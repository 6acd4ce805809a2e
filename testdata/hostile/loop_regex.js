// Worker exceeded CPU time limit.
export default { fetch() { return new Response(String(/^(a|b|ab)*\1*c$/.test("ab".repeat(5000)))); } };
