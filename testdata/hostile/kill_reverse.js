// Worker exceeded CPU time limit.
export default { fetch() { const a = []; a[4e9] = 1; a.reverse(); return new Response("no"); } };
