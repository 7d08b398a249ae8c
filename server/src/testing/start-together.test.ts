import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { testDatabase, testServer } from "./index.ts";

test("three nodes start at once on an empty database", { timeout: 60_000 }, async () => {
  const database = await testDatabase({ empty: true });
  const options = { databaseUrl: database.url, secret: "the same on every node, long enough" };
  const servers = await Promise.all([testServer(options), testServer(options), testServer(options)]);
  const needed = await Promise.all(servers.map((server) => server.stranger.ok("GET /api/v1/setup")));
  expect(needed).toEqual([{ needed: true }, { needed: true }, { needed: true }]);
  const made = (await servers[0].services.database.raw.execute(
    sql`select hash from drizzle.__drizzle_migrations`,
  )) as unknown as { rows: { hash: string }[] };
  const hashes = made.rows.map(({ hash }) => hash);
  expect(hashes.length).toBeGreaterThan(0);
  expect(new Set(hashes).size, "each migration is run once").toBe(hashes.length);
  await Promise.all(servers.map((server) => server.close()));
  await database.drop();
});
