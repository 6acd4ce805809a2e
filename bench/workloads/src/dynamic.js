// Main modules of the dynamic workers that the workloads create.

/** Answers at once. */
export const hello = `
  export default {
    fetch() {
      return new Response("Hello from a dynamic worker");
    },
  };
`;

/** Calls its parent ten times, one after the other. */
export const caller = `
  export default {
    async fetch(request, env) {
      let sum = 0;
      for (let i = 0; i < 10; i++) sum = await env.parent.add(sum, i);
      return new Response("sum " + sum);
    },
  };
`;

/** Fetches once; its outbound hook answers. */
export const fetcher = `
  export default {
    async fetch() {
      const response = await fetch("https://outbound.example/path");
      return new Response(await response.text());
    },
  };
`;

/** A module of the size that a generated worker has: some functions, one route table, one answer. */
export const small = `
  const routes = new Map([["/cold", "cold"], ["/load", "load"], ["/idle", "idle"]]);

  function titled(word) {
    return word.charAt(0).toUpperCase() + word.slice(1);
  }

  async function answer(request) {
    const { pathname } = new URL(request.url);
    const name = routes.get(pathname);
    if (name === undefined) return new Response("not found", { status: 404 });
    return Response.json({ name: titled(name), method: request.method });
  }

  export default {
    async fetch(request, env, ctx) {
      try {
        return await answer(request);
      } catch (error) {
        return new Response(String(error), { status: 500 });
      }
    },
  };
`;
