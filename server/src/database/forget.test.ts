import { sql } from "drizzle-orm";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "../testing/index.ts";
import { FORGOTTEN_AT_ONCE, startForgetting } from "./forget.ts";
import { openPostgres } from "./open.ts";
import { accounts, projects } from "./schema/index.ts";

const made = await testDatabase();
const database = openPostgres(made.url);
const warnings: unknown[] = [];
const log = pino({ level: "warn" }, { write: (line) => void warnings.push(JSON.parse(line)) });
const forgetting = startForgetting(database, log);
afterAll(async () => {
  await forgetting.close();
  await database.close();
  await made.drop();
});

beforeAll(async () => {
  await database.unrecorded((tx) =>
    tx.insert(accounts).values({ id: "ada", email: "ada@example.com", name: "Ada", passwordHash: "" }),
  );
  await database.raw.insert(projects).values({ id: "shop", key: "shop", name: "Shop" });
});

/** One row that is over and one that is not, in each table. */
async function fill() {
  for (const [over, kept, name] of [
    [
      "interval '49 hours'",
      "interval '47 hours'",
      "usage_minutes (environment_id, flag_key, variation, reason, count, minute) select 'env', i::text, '', '', 1,",
    ],
    [
      "interval '49 hours'",
      "interval '47 hours'",
      "metric_minutes (environment_id, metric, count, sum, minute) select 'env', i::text, 1, 1,",
    ],
    [
      "interval '25 hours'",
      "interval '23 hours'",
      "usage_batches (environment_id, id, received_at) select 'env', i::text,",
    ],
    [
      "interval '1 minute'",
      "interval '-1 hour'",
      "sessions (account_id, token_hash, expires_at) select 'ada', i::text,",
    ],
    [
      "interval '1 minute'",
      "interval '-1 hour'",
      "invitations (id, token_hash, project_id, email, role, expires_at) select i::text, i::text, 'shop', '', '',",
    ],
  ] as const)
    await database.raw.execute(
      sql.raw(
        `insert into ${name} now() - case i when 1 then ${over} else ${kept} end from generate_series(1, 2) i`,
      ),
    );
}
const TABLES = ["usage_minutes", "metric_minutes", "usage_batches", "sessions", "invitations"];
async function count(table: string): Promise<number> {
  const { rows } = (await database.raw.execute(
    sql.raw(`select count(*)::int as n from ${table}`),
  )) as unknown as {
    rows: { n: number }[];
  };
  return rows[0]?.n ?? 0;
}

test("what is over is deleted, and nothing else", async () => {
  await fill();
  await forgetting.run();
  expect(await Promise.all(TABLES.map(count))).toEqual(TABLES.map(() => 1));
  expect(warnings).toEqual([]);
});

test("more than one statement deletes is deleted by several", async () => {
  await database.raw.execute(sql`
    insert into usage_batches (environment_id, id, received_at)
    select 'env', 'old ' || i, now() - interval '2 days' from generate_series(1, ${2 * FORGOTTEN_AT_ONCE + 1}::int) i`);
  await forgetting.run();
  expect(await count("usage_batches")).toBe(1);
});

test("a table that fails is logged, and keeps no other from being cleaned", async () => {
  await database.raw.execute(sql`alter table usage_minutes rename to elsewhere`);
  await database.raw.execute(sql`update sessions set expires_at = now() - interval '1 minute'`);
  await forgetting.run();
  expect(warnings).toMatchObject([{ level: 40 }]);
  expect(await count("sessions")).toBe(0);
});
