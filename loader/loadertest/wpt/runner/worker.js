// Runs test files: a POST has the program of one as its body, and where its URL is in the query. Each runs in a dynamic worker of
// its own. The answer is JSON: what the harness says, and the name, status and message of each subtest.

const main = `
import program from "program.js";
export default {
  async fetch(request) {
    try {
      return Response.json(await program.run(await request.text()));
    } catch (error) {
      return Response.json({ status: "threw " + error, results: [] });
    }
  },
};
`;

export default {
  async fetch(request, env) {
    if (request.method !== "POST") return new Response("ready");
    const base = new URL(request.url).searchParams.get("base");
    const program = await request.text();
    const worker = env.LOADER.get(crypto.randomUUID(), () => ({
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      mainModule: "main.js",
      modules: { "main.js": { js: main }, "program.js": { cjs: program } },
    }));
    try {
      return await worker.getEntrypoint().fetch("http://worker/", { method: "POST", body: base });
    } catch (error) {
      return Response.json({ status: "does not start: " + error, results: [] });
    }
  },
};
