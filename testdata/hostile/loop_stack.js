// Worker exceeded CPU time limit.
export default { fetch() { Error.prepareStackTrace = () => { for (;;); }; return new Response(new Error().stack); } };
