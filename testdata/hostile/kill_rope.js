// limit|crashed
export default { fetch() { let s = "ab"; for (let i = 0; i < 26; i++) s += s; const a = []; for (;;) { a.push(new Map([[s + a.length, 1]])); } } };
