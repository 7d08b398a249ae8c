import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../testing/index.ts";
import { type Plug, plugInto } from "../testing/plug.ts";
import { waitFor } from "../testing/wait-for.ts";
import { isDatabaseAway } from "./away.ts";
import type { Database } from "./database.ts";
import { openPostgres } from "./open.ts";
import { usageBatches } from "./schema/index.ts";

/** No statement is given up sooner by itself. */
const STATEMENT_MS = 5_000;

let made: TestDatabase;
let cable: Plug;
let database: Database;

/** With one connection: who has it lost would wait for ever. */
beforeEach(async () => {
  made = await testDatabase();
  cable = await plugInto(made.url);
  database = openPostgres(cable.url, 1);
});
afterEach(async () => {
  await cable.restore();
  await database.close();
  await cable.close();
  await made.drop();
});

const rows = () => database.read.select({ id: usageBatches.id }).from(usageBatches);
const begin = () => database.unrecorded((tx) => tx.execute(sql`select 1`));

/** Commits a row; `last` happens right before. */
const insert = (last: () => void) =>
  database.unrecorded(async (tx) => {
    await tx.insert(usageBatches).values({ id: "batch", environmentId: "env" });
    last();
  });

async function expectAway(work: Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work))
    expect(outcome.status === "rejected" && isDatabaseAway(outcome.reason)).toBe(true);
}

test.each(["hang", "pull"] as const)(
  "a transaction that cannot begin takes no connection away: %s",
  async (how) => {
    await begin();
    await cable[how]();
    await expectAway([begin()]);
    await cable.restore();
    await waitFor("PostgreSQL to answer", () =>
      begin().then(
        () => true,
        () => false,
      ),
    );
  },
);

describe("once PostgreSQL is found away", () => {
  test("what waits for it is given up and what comes is refused, until it answers", async () => {
    await begin();
    cable.hang();
    const began = performance.now();
    const waiting = [rows(), begin()];
    database.found(false);
    await expectAway([...waiting, rows(), begin()]);
    expect(performance.now() - began).toBeLessThan(STATEMENT_MS);
    await cable.restore();
    database.found(true);
    expect(await rows()).toEqual([]);
  });

  test("a transaction that was given up never commits, and gives its connection back", async () => {
    await expectAway([insert(() => database.found(false))]);
    database.found(true);
    expect(await rows()).toEqual([]);
  });

  test("a transaction that is being committed is waited for", async () => {
    let inserted = Promise.resolve();
    await new Promise<void>((resolve) => {
      inserted = insert(() => {
        cable.hang();
        resolve();
      });
    });
    await setImmediate();
    database.found(false);
    await cable.restore();
    await inserted;
    database.found(true);
    expect(await rows()).toEqual([{ id: "batch" }]);
  });
});
