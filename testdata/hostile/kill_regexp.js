// limit|crashed
export default { fetch() { return new Response(String(new RegExp("(?:a|".repeat(20000) + "b" + ")".repeat(20000)).test("aaaa"))); } };
