import { WorkerEntrypoint } from "cloudflare:workers";

const seen = [];
function expect(name, before) {
  if (seen.join() !== before) throw new Error(`${name} came after ${seen}`);
  seen.push(name);
}
export class Beta extends WorkerEntrypoint {
  test = undefined;
}
export class Alpha extends WorkerEntrypoint {
  test() {
    expect("Alpha", "default,a,b");
  }
}
export const b = { test: () => expect("b", "default,a") };
export const a = { test: () => expect("a", "default") };
export default { test: () => expect("default", "") };
