import type { Ruleset } from "@lanyard/evaluation";
import { sql } from "drizzle-orm";
import { expect } from "vitest";
import type { TestServer } from "./server.ts";

/**
 * Puts whole rulesets in place of what the environment `development` has, one after another: written into the database
 * as no editor would. Each is served once this resolves.
 */
export async function rulesetPublisher(
  server: TestServer,
  serverKey: string,
): Promise<(ruleset: Ruleset) => Promise<void>> {
  const execute = async (query: ReturnType<typeof sql>) =>
    (await server.services.database.raw.execute(query)) as unknown as { rows: unknown[] };
  const { rows } = await execute(sql`select id, epoch, revision from environments where key = 'development'`);
  const [{ id, epoch, ...environment }] = rows as [{ id: string; epoch: number; revision: string }];
  const headers = { authorization: `Bearer ${serverKey}`, "content-type": "application/json" };
  let revision = Number(environment.revision);
  /** What is live, and so has to go before the next ruleset. */
  let live: Ruleset | undefined;
  let edition = 0;

  async function writeContents(ruleset: Ruleset): Promise<void> {
    for (const kind of ["flags", "segments"] as const) {
      const contents = { ...live?.[kind], ...ruleset[kind] };
      for (const key of Object.keys(contents)) {
        const definition = Object.hasOwn(ruleset[kind], key) ? ruleset[kind][key] : null;
        // Vectors share hashes, which stand for contents here.
        const content = definition && JSON.stringify({ ...definition, hash: `${edition} ${key}` });
        await execute(sql`insert into publications (environment_id, epoch, revision, kind, key, content, change_id)
          values (${id}, ${epoch}, ${revision}, ${kind.slice(0, -1)}, ${key}, ${content}, 'a test')`);
      }
    }
  }

  async function writeKills(ruleset: Ruleset): Promise<void> {
    for (const { flag } of live?.kills ?? [])
      await execute(sql`insert into lift_elements
        (kill_id, environment_id, flag_key, at, actor_kind, actor_id, actor_name, reason)
        values (${`kill_${edition - 1}`}, ${id}, ${flag}, now(), 'system', 'system', 'a test', '')
        on conflict do nothing`);
    for (const { flag } of ruleset.kills)
      await execute(sql`insert into kill_elements (kill_id, environment_id, flag_key, at)
        values (${`kill_${edition}`}, ${id}, ${flag}, now()) on conflict do nothing`);
  }

  return async (ruleset) => {
    if (JSON.stringify(live) === JSON.stringify(ruleset)) return;
    edition += 1;
    revision += 1;
    await writeContents(ruleset);
    await writeKills(ruleset);
    await execute(sql`update environments set revision = ${revision}, kills = kills + 1 where id = ${id}`);
    live = ruleset;
    // Nothing announced it: the node looks because its client was told of it.
    const response = await fetch(
      `${server.origin}/ofrep/v1/evaluate/flags?flagConfigEtag=${epoch}-${revision}-told`,
      { method: "POST", headers, body: "{}" },
    );
    expect(response.status).toBe(200);
  };
}
