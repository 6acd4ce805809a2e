// limit|crashed
export default { fetch() { const a = []; a.length = 4e9; a.fill(1); return new Response("no"); } };
