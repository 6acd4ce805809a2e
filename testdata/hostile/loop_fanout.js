// Worker exceeded CPU time limit.
export default { async fetch() { const f = () => { Promise.resolve().then(f); }; f(); return new Promise(() => {}); } };
