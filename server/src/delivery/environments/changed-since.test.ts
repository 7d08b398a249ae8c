import type { Flag } from "@lanyard/evaluation";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { setUp, testServer } from "../../testing/index.ts";
import { shopOf } from "../../testing/shop.ts";
import { flagsChangedSince, noteReached, REMEMBERED_MS } from "./changed-since.ts";
import { createReader } from "./read.ts";
import { entryOf, newState } from "./state.ts";

const NOW = Date.parse("2026-11-22T03:00:00.000Z");
const place = { id: "env", projectId: "prj", projectKey: "shop", key: "production" };

/** Each changes a flag of its own. */
function changedAt(times: number[]) {
  const state = newState(place);
  for (const [index, at] of times.entries()) {
    const revision = index + 1;
    state.flags.set(`flag-${index}`, entryOf({ rules: [] } as unknown as Flag, revision));
    noteReached(state, { revision, at });
  }
  return state;
}

test("however many flags were changed, those changed since are covered; of a thousand changes, no other", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1_001, max: 5_000 })),
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (count, everyMs, share) => {
        const times = Array.from({ length: count }, (_, index) => NOW + index * everyMs);
        const state = changedAt(times);
        const since = NOW + Math.floor(share * (count - 1)) * everyMs;
        const covered = new Set(flagsChangedSince(state, since));
        const due = times.flatMap((at, index) => (at >= since ? [`flag-${index}`] : []));
        for (const flag of due) expect(covered).toContain(flag);
        if (count <= 1_000) expect(covered.size).toBe(due.length);
        expect(state.reached.length).toBeLessThanOrEqual(1_000);
      },
    ),
    { numRuns: 30 },
  );
});

test("what was changed a day ago is forgotten", () => {
  const state = changedAt([NOW, NOW + REMEMBERED_MS + 1]);
  expect(state.reached).toEqual([{ revision: 2, at: NOW + REMEMBERED_MS + 1 }]);
});

test("a node that starts knows when revisions were made, whatever else has filled the record since", async () => {
  const server = await testServer();
  const ada = await setUp(server);
  await shopOf(ada).flag("checkout");
  await shopOf(ada).turn("checkout", true);
  const { environments } = await ada.ok("GET /api/v1/projects/{project}", { params: { project: "shop" } });
  const { id = "" } = environments.find(({ key }) => key === "development") ?? {};
  const reader = createReader(server.services.database);
  const before = await reader.environment(id);
  expect(before?.reached.at(-1)?.revision).toBe(before?.revision);
  await server.services.database.unrecorded((tx) =>
    tx.execute(sql`
      insert into changes select (jsonb_populate_record(changes, jsonb_build_object(
        'id', 'chg_more_' || more, 'sequence', sequence + more, 'revisions', '{}'::jsonb))).*
      from changes, generate_series(1, 2500) as more
      where sequence = (select max(sequence) from changes)`),
  );
  expect((await reader.environment(id))?.reached).toEqual(before?.reached);
  await server.close();
});
