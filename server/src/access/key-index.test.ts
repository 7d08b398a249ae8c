import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { openPostgres } from "../database/open.ts";
import { createFanout } from "../fanout/index.ts";
import { testDatabase } from "../testing/index.ts";
import { createKeyIndex, type KeyRecord } from "./key-index.ts";
import { hashSecret } from "./secrets.ts";

const made = await testDatabase();
const database = openPostgres(made.url);
const secrets = { current: randomBytes(32).toString("hex") };
const fanout = createFanout({ database, secrets, log: pino({ level: "silent" }) });
afterAll(async () => {
  await fanout.close();
  await database.close();
  await made.drop();
});

const keyOf = (id: string) =>
  ({ id, kind: "kill", secretHash: hashSecret(id), expiresAt: null }) as KeyRecord;

test("a key that is said to be revoked is gone at once, and no older reading brings it back", () => {
  const keys = createKeyIndex(database, fanout);
  const records = [keyOf("key_a"), keyOf("key_b")];
  keys.fill(records);
  let cuts = 0;
  keys.onReload(() => {
    cuts += 1;
  });
  fanout.announce({ type: "access", projectId: "shop", access: 2, ended: { key: "key_a" } });
  expect(cuts).toBe(1);
  expect(keys.find("key_a")).toBeUndefined();
  keys.fill(records);
  expect(keys.isLive("key_a")).toBe(false);
  expect(keys.all().map(({ id }) => id)).toEqual(["key_b"]);
});
