import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { plugInto } from "../testing/plug.ts";
import { waitFor } from "../testing/wait-for.ts";
import type { Announcement } from "./announcement.ts";
import { openRedisBus } from "./redis-bus.ts";
import { createSigner } from "./signature.ts";

const REDIS_URL = process.env.TEST_REDIS_URL ?? "";
const WORD: Announcement = { type: "access", projectId: "prj_any" };

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test.each(["pull", "hang"] as const)(
  "a node that starts while Redis is away (%s) hears the others once it is there",
  async (how) => {
    const secret = randomBytes(32).toString("hex");
    const cable = await plugInto(REDIS_URL);
    ends.push(() => cable.close());
    await cable[how]();
    const open = (node: string, url: string) => {
      const heard: Announcement[] = [];
      const bus = openRedisBus({
        url,
        node,
        group: node,
        signer: createSigner(secret),
        log: pino({ level: "silent" }),
        heard: (announcement) => heard.push(announcement),
        connected() {},
      });
      ends.push(() => bus.close());
      return { bus, heard };
    };
    const late = open("late", cable.url);
    const early = open("early", REDIS_URL);
    // Long enough that its first attempts have failed.
    await sleep(500);
    expect(late.heard).toEqual([]);
    await cable.restore();
    await waitFor("the first word", () => {
      early.bus.publish(WORD);
      return late.heard.length > 0;
    });
    expect(late.heard[0]).toEqual(WORD);
  },
);

test("a kill too large for a message reaches the others without what the shelf has", async () => {
  const signer = createSigner(randomBytes(32).toString("hex"));
  const heard: Announcement[] = [];
  const [from, to] = ["one", "other"].map((node) => {
    const hear = (announcement: Announcement) => void (node === "other" && heard.push(announcement));
    const log = pino({ level: "silent" });
    const bus = openRedisBus({ url: REDIS_URL, node, group: node, signer, log, heard: hear, connected() {} });
    ends.push(() => bus.close());
    return bus;
  });
  const at = new Date().toISOString();
  const killOf = (flags: number): Announcement => ({
    ...{ type: "killed", environmentId: "env_any", elements: [{ id: "kill_any", flag: "checkout", at }] },
    fact: {
      ...{ kind: "kill", id: "kill_any", projectId: "prj_any", reason: "it burns", at, expiresAt: null },
      ...{ actor: { kind: "system", id: "system", name: "a node" }, selector: {} },
      elements: Array.from({ length: flags }, (_, index) => ({
        environmentId: "env_any",
        flag: `${"x".repeat(90)}-${index}`,
      })),
    },
  });
  const hasFact = () => heard.map((announcement) => "fact" in announcement);
  await waitFor("a small one", () => {
    from?.publish(killOf(10));
    return to?.up && heard.length > 0;
  });
  expect(hasFact()).not.toContain(false);
  from?.publish(killOf(150_000));
  await waitFor("a large one", () => hasFact().includes(false));
});
