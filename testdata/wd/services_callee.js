import { WorkerEntrypoint } from "cloudflare:workers";

export class Counter extends WorkerEntrypoint {
  next(n) {
    if (typeof n !== "number") throw new TypeError(`${n} is no number`);
    return this.ctx.props.from + n;
  }
}
export const alsoHere = { test() {} };
