// limit|crashed
export default { fetch() { return new Response("a,".repeat(2 ** 26).split(",")[0]); } };
