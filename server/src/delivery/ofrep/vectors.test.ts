import { createEvaluator, type Ruleset } from "@lanyard/evaluation";
import { algorithms } from "@lanyard/evaluation/algorithms";
import { openFeatureReason } from "@lanyard/evaluation/openfeature";
import { operators } from "@lanyard/evaluation/operators";
import { type DecisionVector, loadVectors } from "@lanyard/evaluation/vectors";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setUp, type TestServer, testServer } from "../../testing/index.ts";
import { shopOf } from "../../testing/shop.ts";

let server: TestServer;
let headers: Record<string, string>;
let environment: { id: string; epoch: number; revision: number };
/** What is live, and so has to go before the next ruleset. */
let live: Ruleset | undefined;
let edition = 0;

beforeAll(async () => {
  server = await testServer();
  const ada = await setUp(server);
  const { secret } = await shopOf(ada).key("server");
  headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const { rows } = await execute(sql`select id, epoch, revision from environments where key = 'development'`);
  const [row] = rows as { id: string; epoch: number; revision: string }[];
  environment = { id: row?.id ?? "", epoch: row?.epoch ?? 0, revision: Number(row?.revision) };
});
afterAll(() => server.close());

const execute = async (query: ReturnType<typeof sql>) =>
  (await server.services.database.raw.execute(query)) as unknown as { rows: unknown[] };

/** Writes a ruleset into the database as no editor would, and waits for the node to serve it. */
async function publish(ruleset: Ruleset): Promise<void> {
  edition += 1;
  const { id, epoch } = environment;
  environment.revision += 1;
  const { revision } = environment;
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
  for (const { flag } of live?.kills ?? [])
    await execute(sql`insert into lift_elements
      (kill_id, environment_id, flag_key, at, actor_kind, actor_id, actor_name, reason)
      values (${`kill_${edition - 1}`}, ${id}, ${flag}, now(), 'system', 'system', 'a test', '')
      on conflict do nothing`);
  for (const { flag } of ruleset.kills)
    await execute(sql`insert into kill_elements (kill_id, environment_id, flag_key, at)
      values (${`kill_${edition}`}, ${id}, ${flag}, now()) on conflict do nothing`);
  await execute(sql`update environments set revision = ${revision}, kills = kills + 1 where id = ${id}`);
  live = ruleset;
  // Nothing announced it: the node looks because its client was told of it.
  const response = await fetch(
    `${server.origin}/ofrep/v1/evaluate/flags?flagConfigEtag=${epoch}-${revision}-told`,
    { method: "POST", headers, body: "{}" },
  );
  expect(response.status).toBe(200);
}

/** What OFREP makes of a vector's expectation. */
function expectedOf({ ruleset, key, expect: decision }: DecisionVector): object {
  const { value, variation, reason, split } = decision;
  if (value === undefined) return { status: 404, errorCode: "FLAG_NOT_FOUND" };
  const isStatic = createEvaluator(ruleset, { operators, algorithms }).isStatic(key);
  return {
    status: 200,
    ...(value !== null && { value }),
    variant: variation,
    reason: openFeatureReason({ reason: reason ?? "off", split }, isStatic),
  };
}

async function answerTo({ key, context }: DecisionVector): Promise<object> {
  const response = await fetch(`${server.origin}/ofrep/v1/evaluate/flags/${encodeURIComponent(key)}`, {
    method: "POST",
    headers,
    body: JSON.stringify({ context }),
  });
  const {
    key: _,
    metadata: _metadata,
    errorDetails: _details,
    ...answer
  } = (await response.json()) as Record<string, unknown>;
  return { status: response.status, ...answer };
}

const files = loadVectors().flatMap((file) => (file.kind === "evaluate" ? [file] : []));

test.each(files)(
  "OFREP answers $file as every SDK does, from the database on",
  { timeout: 120_000 },
  async ({ vectors }) => {
    for (const vector of vectors) {
      if (JSON.stringify(live) !== JSON.stringify(vector.ruleset)) await publish(vector.ruleset);
      const { name } = vector;
      expect({ name, ...(await answerTo(vector)) }).toEqual({ name, ...expectedOf(vector) });
    }
  },
);
