// Worker exceeded memory limit.
export default { fetch() { const a = []; for (;;) a.push(new Array(1000).fill({})); } };
