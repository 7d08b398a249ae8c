import { expect } from "@playwright/test";
import { query } from "../../support/database.ts";

/** Each query finds what must not exist. */
const FAULTS: Record<string, string> = {
  "a revision whose change is not on the record":
    "SELECT r.* FROM flag_revisions r LEFT JOIN changes c ON c.id = r.change_id WHERE c.id IS NULL",
  "a publication whose change is not on the record":
    "SELECT p.* FROM publications p LEFT JOIN changes c ON c.id = p.change_id WHERE c.id IS NULL",
  "a recorded revision that was not published": `
    SELECT c.id, made.key FROM changes c, jsonb_each(c.revisions) made
    WHERE NOT EXISTS (SELECT 1 FROM publications p WHERE p.change_id = c.id
      AND p.environment_id = made.key AND p.revision = made.value::bigint)`,
  "a saved targeting without its revision": `
    SELECT c.id FROM changes c WHERE c.action = 'flag.targeting.saved'
    AND NOT EXISTS (SELECT 1 FROM flag_revisions r WHERE r.change_id = c.id)`,
  "a gap in a project's record": `
    SELECT project_id FROM changes GROUP BY project_id
    HAVING max(sequence) <> count(*) OR min(sequence) <> 1`,
  "a record that its project's head does not name": `
    SELECT p.id FROM projects p WHERE p.change_sequence <>
      (SELECT max(sequence) FROM changes c WHERE c.project_id = p.id)`,
  "a gap in an environment's revisions": `
    SELECT e.id FROM environments e WHERE e.revision <>
      (SELECT count(DISTINCT revision) FROM publications p WHERE p.environment_id = e.id)`,
  "a head that is not the newest revision": `
    SELECT h.* FROM flag_heads h WHERE h.number <> (SELECT max(number) FROM flag_revisions r
      WHERE r.flag_id = h.flag_id AND r.environment_id = h.environment_id)`,
  "a broken link of the chain": `
    SELECT c.id FROM changes c JOIN changes before
      ON before.project_id = c.project_id AND before.sequence = c.sequence - 1
    WHERE c.previous_hash <> before.hash`,
};

/** Every change is wholly there, with its record, or wholly absent. */
export async function expectConsistent(url: string): Promise<void> {
  expect(await findFaults(url)).toEqual([]);
}

/** What is there and must not be, in words. */
export async function findFaults(url: string): Promise<string[]> {
  const found: string[] = [];
  for (const [fault, sql] of Object.entries(FAULTS)) {
    const rows = await query(url, sql);
    if (rows.length > 0) found.push(`${fault}: ${JSON.stringify(rows)}`);
  }
  return found;
}
