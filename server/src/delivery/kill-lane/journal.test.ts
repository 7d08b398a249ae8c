import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LiftFact } from "../../fanout/index.ts";
import { openJournal } from "./journal.ts";

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "lanyard-journal-"));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test("whatever a fact says, it is kept in the journal's own folder", () => {
  const fact: LiftFact = {
    kind: "lift",
    id: "../memory/x",
    projectId: "prj_1",
    reason: "to be found elsewhere",
    actor: { kind: "user", id: "acc_1", name: "Ada" },
    at: "2026-11-26T03:00:00.000Z",
    elements: [{ environmentId: "env_1", flag: "checkout" }],
  };
  const journal = openJournal(dataDir);
  journal.write(fact);
  expect(readdirSync(dataDir)).toEqual(["kills"]);
  expect(readdirSync(join(dataDir, "kills"))).toHaveLength(1);
  expect(journal.load()).toEqual({ waiting: [fact], aside: [], damaged: [] });
  journal.remove(fact);
  expect(readdirSync(join(dataDir, "kills"))).toEqual([]);
});
