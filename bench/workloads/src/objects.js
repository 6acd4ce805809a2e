// Workloads of what is stored.

import { DurableObject } from "cloudflare:workers";

const ROWS = 1000;
const SELECTS = 100;

/** A Durable Object that counts, and has a table to look into. */
export class Keeper extends DurableObject {
  async fetch(request) {
    if (request.url.endsWith("/sql")) return new Response(String(this.select()));
    const { storage } = this.ctx;
    await storage.put("n", ((await storage.get("n")) ?? 0) + 1);
    return new Response("stored");
  }

  fill() {
    const { sql } = this.ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS points (id INTEGER PRIMARY KEY, value INTEGER)");
    sql.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS - 1}) INSERT OR IGNORE INTO points SELECT i, 2 * i FROM n`);
    this.filled = true;
  }

  /** The sum of a hundred rows, each looked up by its key. */
  select() {
    if (!this.filled) this.fill();
    const { sql } = this.ctx.storage;
    let sum = 0;
    for (let i = 0; i < SELECTS; i++) sum += sql.exec("SELECT value FROM points WHERE id = ?", (i * 37) % ROWS).one().value;
    return sum;
  }
}

let turn = 0;

/** The next of a thousand objects. */
export function next(env) {
  return env.KEEPER.get(env.KEEPER.idFromName(`object ${turn++ % 1000}`));
}

export async function kvPut(env) {
  await env.KV.put("key", "a value of some length");
  return new Response("put");
}

export async function kvGet(env) {
  return new Response((await env.KV.get("key")) ?? (await kvPut(env), "a value of some length"));
}
