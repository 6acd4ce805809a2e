// limit|crashed
export default { fetch() { return new Response(new Array(1e8).fill(1.1).length); } };
