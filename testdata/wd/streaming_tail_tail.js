import { WorkerEntrypoint } from "cloudflare:workers";

// Events by the id of their invocation, in the order in which the invocations began.
const told = new Map();
const byKindTold = [];
let classTold = 0;

function note(list, { spanContext, invocationId, timestamp, sequence, event }) {
  if (!(timestamp instanceof Date) || !/^[0-9a-f]{32}$/.test(spanContext.traceId) || !/^[0-9a-f]{32}$/.test(invocationId)) throw new Error("ids");
  list.push({ span: spanContext.spanId, trace: spanContext.traceId, sequence, event });
}

export default {
  async tailStream(onset, env, ctx) {
    if (onset.event.info.type === "custom") return; // a test
    const list = [];
    told.set(onset.invocationId, list);
    note(list, onset);
    // What comes meanwhile waits.
    await scheduler.wait(1);
    return (event) => note(list, event);
  },
};

export const byKind = {
  tailStream(onset) {
    if (onset.event.info.type !== "fetch") return undefined;
    byKindTold.push("onset");
    return {
      log: ({ event }) => byKindTold.push(event.level),
      outcome: ({ event }) => byKindTold.push(event.outcome),
      exception: undefined,
    };
  },
};

export class Class extends WorkerEntrypoint {
  tailStream(onset) {
    if (onset.event.info.type === "fetch") classTold++;
  }
}

export class Told extends WorkerEntrypoint {
  /** What was told of the invocations that have ended, once there are `count`. */
  async take(count) {
    const ended = () => [...told].filter(([, list]) => list.at(-1).event.type === "outcome");
    while (ended().length < count) await scheduler.wait(5);
    const lists = ended().map(([id, list]) => (told.delete(id), list));
    return { lists, byKind: byKindTold.splice(0), classTold: classTold - (classTold = 0) };
  }
}
