// Serves the snippets on Node or Deno: serve.mjs PORT.
import { createServer } from "node:http";
import worker from "./src/index.js";

createServer(async (request, response) => {
  const answer = await worker.fetch(new Request(`http://127.0.0.1${request.url}`));
  response.writeHead(answer.status);
  response.end(await answer.text());
}).listen(Number(process.argv[2]), "127.0.0.1");
