import { readFileSync } from "node:fs";
import { asc, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flagHeads } from "../../database/schema/index.ts";
import { type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";

let server: TestServer;
let ada: Caller;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
});
afterAll(() => server.close());

/** The backfill at the end of a migration. */
function backfill(name: string): string {
  const file = new URL(`../../../../migrations/sql/${name}.sql`, import.meta.url);
  return readFileSync(file, "utf8").split("--> statement-breakpoint").at(-1) ?? "";
}

test("what migrations copy to the heads of older flags is what saving writes", async () => {
  const params = { project: "shop" };
  await ada.ok("POST /api/v1/projects/{project}/flags", { params, body: { key: "base", name: "Base" } });
  await ada.ok("POST /api/v1/projects/{project}/flags", {
    params,
    body: { key: "page", name: "Page", audience: "client" },
  });
  for (const key of ["beta", "staff"])
    await ada.ok("POST /api/v1/projects/{project}/segments", {
      params,
      body: { key, name: key, content: { unit: "targetingKey", included: ["u-1"], excluded: [] } },
    });
  await ada.ok("POST /api/v1/projects/{project}/flags", { params, body: { key: "top", name: "Top" } });
  await ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
    params: { ...params, flag: "top", environment: "development" },
    body: {
      on: true,
      prerequisites: [{ flag: "base", variations: ["on"] }],
      rules: [
        {
          id: "r1",
          when: { any: [{ segment: "beta" }, { not: { all: [{ segment: "staff" }, { segment: "beta" }] } }] },
          serve: { variation: "on" },
        },
      ],
    },
  });
  const { raw } = server.services.database;
  const read = async () => {
    const heads = await raw
      .select()
      .from(flagHeads)
      .orderBy(asc(flagHeads.flagId), asc(flagHeads.environmentId));
    return heads.map((head) => ({ ...head, usedSegments: head.usedSegments.sort() }));
  };
  const saved = await read();
  expect(saved).toContainEqual(
    expect.objectContaining({ turnedOn: true, neededFlags: ["base"], usedSegments: ["beta", "staff"] }),
  );
  await raw
    .update(flagHeads)
    .set({ turnedOn: false, audience: "server", neededFlags: [], usedSegments: [] })
    .where(sql`true`);
  await raw.execute(sql.raw(backfill("0002_copy_state_to_flag_heads")));
  await raw.execute(sql.raw(backfill("0003_copy_references_to_flag_heads")));
  expect(await read()).toEqual(saved);
});
