// Worker exceeded CPU time limit.
function f() { try { for (;;); } finally { f(); } }
export default { fetch() { f(); } };
