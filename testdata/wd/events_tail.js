import { WorkerEntrypoint } from "cloudflare:workers";

const seen = [];

export default {
  tail(items) {
    for (const { event, outcome, exceptions } of items) {
      if ("cron" in event || "batchSize" in event) seen.push([event.constructor.name, { ...event }, outcome, exceptions.map((e) => e.message)]);
    }
  },
};

export class Seen extends WorkerEntrypoint {
  async wait(count) {
    while (seen.length < count) await scheduler.wait(5);
    return seen;
  }
}
