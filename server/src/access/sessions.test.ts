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
  expect(sessions.wouldKnowOf(liveAt)).toBe(false);
  vi.useFakeTimers({ toFake: ["Date"], now: liveAt + 10 * 60_000 });
  const hear = () => fanout.announce({ type: "access", projectId: "any" });
  await waitFor("all sessions to be read", () => {
    hear();
    return sessions.wouldKnowOf(liveAt);
  });
  expect(sessions.wouldKnowOf(Date.now())).toBe(false);
});
