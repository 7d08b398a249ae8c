import { expect } from "@playwright/test";
import { apiWith } from "../support/api.ts";
import { query } from "../support/database.ts";
import { expectConsistent } from "./support/consistency.ts";
import { expectRecovery } from "./support/recovery.ts";
import { test } from "./support/verdict.ts";
import { change, latency } from "./support/work.ts";

const WRITERS = 4;
const FLAG = "wobbly";

test.describe("a server node is killed (-9) mid-commit", () => {
  test("the change is wholly there or wholly absent; other nodes learn of it within 1.5 s; its SDKs reconnect elsewhere", async ({
    cluster,
    verdict,
  }) => {
    await cluster.api().call("POST", "/api/v1/projects/web/flags", { key: FLAG, name: "Wobbly" });
    for (const killAfter of [15, 25]) {
      const acknowledged = await saveUntilKilled(killAfter);
      const since = Date.now();
      const database = cluster.database;
      await expectConsistent(database);
      const recorded = await query<{ message: string }>(database, "SELECT message FROM changes");
      const messages = new Set(recorded.map(({ message }) => message));
      expect(acknowledged.filter((message) => !messages.has(message))).toEqual([]);
      verdict.measured(`${acknowledged.length} saves acknowledged, all on the record`);
      // Through the node that lives, to the SDKs of both.
      const work = await change(cluster, "b");
      verdict.within("the other node's SDK after", await latency(cluster, work, ["SDK of b"]), 1_500);
      await expectRecovery(cluster, verdict, since, ["b"]);
      await cluster.startNode("a");
      await expectRecovery(cluster, verdict, Date.now());
    }

    /** Several writers save at once; the node dies in the middle of them. Returns what was answered before. */
    async function saveUntilKilled(killAfter: number): Promise<string[]> {
      const acknowledged: string[] = [];
      const api = apiWith(cluster.node("a"), cluster.cookie);
      const writer = async (name: number) => {
        for (let step = 0; ; step += 1) {
          const message = `killed after ${killAfter}, writer ${name}, step ${step}`;
          try {
            await api.call("PATCH", `/api/v1/projects/web/flags/${FLAG}/environments/development`, {
              on: step % 2 === 0,
              targets: [{ unit: "targetingKey", variation: "on", values: [message] }],
              message,
            });
          } catch {
            return;
          }
          acknowledged.push(message);
          if (acknowledged.length === killAfter) cluster.node("a").process.kill("SIGKILL");
        }
      };
      await Promise.all(Array.from({ length: WRITERS }, (_, name) => writer(name)));
      await cluster.node("a").stop("SIGKILL");
      return acknowledged;
    }
  });
});
