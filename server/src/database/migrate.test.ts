import { ADVISORY_LOCK, migratePostgres } from "@lanyard/migrations";
import pg from "pg";
import { expect, test } from "vitest";
import { testDatabase } from "../testing/index.ts";
import { plugInto } from "../testing/plug.ts";
import { waitFor } from "../testing/wait-for.ts";
import { isDatabaseAway } from "./away.ts";

const WAITERS = "select count(*)::int as count from pg_stat_activity where datname = current_database()";

test("whoever waits for another's migration hears of a database that hangs", async () => {
  const database = await testDatabase();
  const cable = await plugInto(database.url);
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query("select pg_advisory_lock($1)", [ADVISORY_LOCK]);

  const waiting = migratePostgres(cable.url).then(
    () => "migrated",
    (error: unknown) => isDatabaseAway(error),
  );
  await waitFor("the one that waits", async () => (await other.query(WAITERS)).rows[0].count === 2);
  cable.hang();
  expect(await waiting).toBe(true);

  await cable.restore();
  const again = migratePostgres(cable.url);
  await other.query("select pg_advisory_unlock($1)", [ADVISORY_LOCK]);
  await again;
  await other.end();
  await cable.close();
  await database.drop();
});
