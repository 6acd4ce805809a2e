// limit
export default { fetch() { const a = []; for (let i = 0; ; i++) a.push((i + "x").repeat(100000).split("").join("")); } };
