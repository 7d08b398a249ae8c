import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { afterAll, expect, test, vi } from "vitest";
import { openPostgres } from "../database/open.ts";
import { createFanout } from "../fanout/index.ts";
import { testDatabase } from "../testing/index.ts";
import { waitFor } from "../testing/wait-for.ts";
import { createSessions } from "./sessions.ts";

const made = await testDatabase();
const database = openPostgres(made.url);
const secrets = { current: randomBytes(32).toString("hex") };
const fanout = createFanout({ database, secrets, log: pino({ level: "silent" }) });
const sessions = createSessions(database, fanout);
afterAll(async () => {
  vi.useRealTimers();
  sessions.close();
  await fanout.close();
  await database.close();
  await made.drop();
});

test("who has read all sessions knows which are over, as far as clocks can tell", async () => {
  const liveAt = Date.now();
  await fanout.look();
  expect(sessions.isOver("lyd_ses_of_ada", liveAt)).toBe(false);
  vi.useFakeTimers({ toFake: ["Date"], now: liveAt + 10 * 60_000 });
  const hear = () => fanout.announce({ type: "access", projectId: "any" });
  await waitFor("all sessions to be read", () => {
    hear();
    return sessions.isOver("lyd_ses_of_ada", liveAt);
  });
  expect(sessions.isOver("lyd_ses_of_ada", Date.now())).toBe(false);
});

test("a session that was ended here, or that the database does not know, is over", async () => {
  expect(sessions.isOver("lyd_ses_of_eda", Date.now())).toBe(false);
  await sessions.end("lyd_ses_of_eda");
  expect(await sessions.find("lyd_ses_of_eve")).toBeUndefined();
  for (const token of ["lyd_ses_of_eda", "lyd_ses_of_eve"])
    expect(sessions.isOver(token, Date.now())).toBe(true);
});
