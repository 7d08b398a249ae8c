import { expect, test } from "@playwright/test";
import { setUp, signIn } from "../support/api.ts";
import { freshDatabase, query } from "../support/database.ts";
import { startNode } from "../support/node.ts";

const ROUNDS = 4;
const WRITERS = 4;

test("a server killed between writes leaves no change without its record and no gap", async () => {
  const database = await freshDatabase();
  const env = { DATABASE_URL: database.url, LANYARD_SECRET: "a secret that is long enough for tests" };
  let node = await startNode(env);
  let api = await setUp(node);
  await api.call("POST", "/api/v1/projects/web/flags", { key: "wobbly", name: "Wobbly" });
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const acknowledged = await writeUntilKilled(round);
      node = await startNode(env);
      api = await signIn(node);
      await expectConsistent(database.url);
      const messages = await query<{ message: string }>(database.url, "SELECT message FROM changes");
      const recorded = new Set(messages.map(({ message }) => message));
      expect(acknowledged.filter((message) => !recorded.has(message))).toEqual([]);
      expect(acknowledged.length).toBeGreaterThan(0);
    }
  } finally {
    await node.stop("SIGKILL");
    await database.drop();
  }

  /** Several writers save at once; the node dies in the middle of them. Returns what was answered before. */
  async function writeUntilKilled(round: number): Promise<string[]> {
    const acknowledged: string[] = [];
    const writer = async (name: number) => {
      for (let step = 0; ; step += 1) {
        const message = `round ${round}, writer ${name}, step ${step}`;
        try {
          await api.call("PATCH", "/api/v1/projects/web/flags/wobbly/environments/development", {
            on: step % 2 === 0,
            targets: [{ unit: "targetingKey", variation: "on", values: [message] }],
            message,
          });
        } catch {
          return;
        }
        acknowledged.push(message);
        if (acknowledged.length === 15 + round * 7) node.process.kill("SIGKILL");
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, name) => writer(name)));
    await node.stop("SIGKILL");
    return acknowledged;
  }
});

/** Each query finds what must not exist. */
const FAULTS: Record<string, string> = {
  "a revision whose change is not on the record":
    "SELECT r.* FROM flag_revisions r LEFT JOIN changes c ON c.id = r.change_id WHERE c.id IS NULL",
  "a publication whose change is not on the record":
    "SELECT p.* FROM publications p LEFT JOIN changes c ON c.id = p.change_id WHERE c.id IS NULL",
  "a recorded revision that was not published": `
    SELECT c.id, made.key FROM changes c, jsonb_each(c.revisions) made
    WHERE NOT EXISTS (SELECT 1 FROM publications p WHERE p.change_id = c.id
      AND p.environment_id = made.key AND p.revision = made.value::bigint)`,
  "a saved targeting without its revision": `
    SELECT c.id FROM changes c WHERE c.action = 'flag.targeting.saved'
    AND NOT EXISTS (SELECT 1 FROM flag_revisions r WHERE r.change_id = c.id)`,
  "a gap in a project's record": `
    SELECT project_id FROM changes GROUP BY project_id
    HAVING max(sequence) <> count(*) OR min(sequence) <> 1`,
  "a record that its project's head does not name": `
    SELECT p.id FROM projects p WHERE p.change_sequence <>
      (SELECT max(sequence) FROM changes c WHERE c.project_id = p.id)`,
  "a gap in an environment's revisions": `
    SELECT e.id FROM environments e WHERE e.revision <>
      (SELECT count(DISTINCT revision) FROM publications p WHERE p.environment_id = e.id)`,
  "a head that is not the newest revision": `
    SELECT h.* FROM flag_heads h WHERE h.number <> (SELECT max(number) FROM flag_revisions r
      WHERE r.flag_id = h.flag_id AND r.environment_id = h.environment_id)`,
  "a broken link of the chain": `
    SELECT c.id FROM changes c JOIN changes before
      ON before.project_id = c.project_id AND before.sequence = c.sequence - 1
    WHERE c.previous_hash <> before.hash`,
};

async function expectConsistent(url: string): Promise<void> {
  for (const [fault, sql] of Object.entries(FAULTS)) expect(await query(url, sql), fault).toEqual([]);
}
