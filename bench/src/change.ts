// What a change of one client flag among 10,000 costs a node, beside `JSON.stringify` of its patch, and how long a save
// of the environment's copy holds the node, beside `JSON.stringify` of it all.
import type { Flag } from "@lanyard/evaluation";
import { toStored } from "../../server/src/delivery/environments/index.ts";
import { applyPatch, entryOf, newState } from "../../server/src/delivery/environments/state.ts";
import { inPieces } from "../../server/src/delivery/in-pieces.ts";
import { createSnapshots, flagsBetween } from "../../server/src/delivery/ruleset/index.ts";
import { patchFrame } from "../../server/src/delivery/stream/frames.ts";
import { median } from "./evaluation/measure.ts";
import { fiveRules } from "./evaluation/workloads.ts";

const FLAGS = 10_000;
const CHANGES = 300;
const WARM_UPS = 100;

/** Flags that tell classes apart: a private attribute beside rules that stay. */
const PERSONAL = 20;

function flagOf(at: number, version: number): Flag {
  const flag = fiveRules(at);
  const asksPlan = { attribute: "privatePlan", operator: "in" as const, values: [`plan-${at}`] };
  const when = { all: [asksPlan, { attribute: "country", operator: "in" as const, values: ["NO"] }] };
  const serve = { variation: flag.off };
  const open = flag.rules.filter(({ when }) => "attribute" in when);
  const rules = at < PERSONAL ? [{ id: "private", when, serve }, ...open] : open;
  return { ...flag, audience: "client", rules, hash: `${at}-${version}` };
}

function publish(state: ReturnType<typeof newState>, flags: Record<string, Flag>): void {
  const { epoch, revision: from } = state;
  const to = from + 1;
  const entries = new Map(Object.entries(flags).map(([key, flag]) => [key, entryOf(flag, to)]));
  applyPatch(state, { epoch, from, to, flags: entries, segments: new Map(), attributes: new Map() }, 0);
}

function environment() {
  const state = newState({ id: "env_1", projectId: "prj_1", projectKey: "web", key: "production" });
  publish(state, Object.fromEntries(Array.from({ length: FLAGS }, (_, at) => [`flag-${at}`, flagOf(at, 0)])));
  for (const name of ["country", "plan", "email", "version", "company.plan"])
    state.attributes.set(name, entryOf({ visibility: "public" as const }, state.revision));
  return state;
}

/** Milliseconds from the change in memory to the bytes for each class. */
function measureChanges(classes: number) {
  const state = environment();
  const snapshots = createSnapshots(() => {});
  const users = Array.from({ length: classes }, (_, at) => ({ privatePlan: `plan-${at}` }));
  let held = users.map((verified) => snapshots.residuals(state).classOf(verified));
  const samples: number[] = [];
  const floors: number[] = [];
  for (let version = 1; version <= WARM_UPS + CHANGES; version += 1) {
    const at = (version * 7) % FLAGS;
    const flags = { [`flag-${at}`]: flagOf(at, version) };
    publish(state, flags);
    const { epoch, revision: to } = state;
    const started = performance.now();
    const residuals = snapshots.residuals(state);
    const after = users.map((verified, user) => residuals.next(held[user] as (typeof held)[0], verified));
    for (const [user, next] of after.entries()) {
      const changed = flagsBetween(held[user] as typeof next, next);
      patchFrame({ epoch, from: to - 1, to, flags: changed, segments: [] });
    }
    const ended = performance.now();
    for (const _ of users) JSON.stringify({ epoch, from: to - 1, to, flags, segments: {} });
    const floored = performance.now();
    held = after;
    if (version <= WARM_UPS) continue;
    samples.push(ended - started);
    floors.push(floored - ended);
  }
  const [ms, floorMs] = [median(samples), median(floors)];
  return { ms, longestMs: Math.max(...samples), floorMs, ratio: ms / floorMs };
}

/** Milliseconds without a pause: each piece is written before the next one is made. */
function measureSave() {
  const state = environment();
  const held: number[] = [];
  const wholes: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    let longest = 0;
    let since = performance.now();
    for (const _ of inPieces(toStored(state))) {
      longest = Math.max(longest, performance.now() - since);
      since = performance.now();
    }
    held.push(longest);
    since = performance.now();
    JSON.stringify(toStored(state));
    wholes.push(performance.now() - since);
  }
  const [ms, floorMs] = [median(held), median(wholes)];
  return { ms, longestMs: Math.max(...held), floorMs, ratio: ms / floorMs };
}

const rows = {
  "a change, one class": measureChanges(1),
  "a change, twenty classes": measureChanges(PERSONAL),
  "a save, at a time": measureSave(),
};
if (process.argv.includes("--json")) console.log(JSON.stringify(rows));
else console.table(rows);
