import { type Context, createEvaluator, type Flag, type Ruleset } from "@lanyard/evaluation";
import { digestOf as wireDigestOf } from "@lanyard/evaluation/digest";
import { specialise } from "@lanyard/evaluation/specialise";
import {
  assertSame,
  contextArbitrary,
  decideByReference,
  flagOf,
  PUBLIC_ATTRIBUTES,
  rulesetArbitrary,
  rulesetOf,
} from "@lanyard/evaluation/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPatch, type Entry, type EnvironmentState, entryOf, newState } from "../environments/state.ts";
import { classKey, digestOf, flagsBetween, flagsOf } from "./audience-class.ts";
import { Residuals, type Widened } from "./residuals.ts";
import { createSnapshots } from "./snapshot.ts";

const registry = { publicAttributes: PUBLIC_ATTRIBUTES };

/** An environment whose next revision is a ruleset; what is not in it any more is a tombstone. */
function environment() {
  const state = newState({ id: "env_1", projectId: "prj_1", projectKey: "shop", key: "production" });
  state.epoch = 1;
  for (const name of PUBLIC_ATTRIBUTES) state.attributes.set(name, entryOf({ visibility: "public" }, 0));
  return state;
}

/** The patch to a revision that is a ruleset, of what differs alone, as nodes are told of changes. */
function publish(state: EnvironmentState, { flags, segments }: Ruleset): void {
  const { epoch, revision: from } = state;
  const to = from + 1;
  const differing = <Content>(entries: Map<string, Entry<Content>>, contents: Record<string, Content>) =>
    new Map(
      [...new Set([...entries.keys(), ...Object.keys(contents)])]
        .map((key) => [key, entryOf(contents[key] ?? null, to)] as const)
        .filter(([key, { json }]) => entries.get(key)?.json !== json),
    );
  const content = { flags: differing(state.flags, flags), segments: differing(state.segments, segments) };
  applyPatch(state, { epoch, from, to, ...content, attributes: new Map() }, 0);
}

/** Who follows has not seen the last steps, and must look at everything. */
const forget = (state: EnvironmentState) => {
  state.recent = [];
};

function afresh(state: EnvironmentState): Residuals {
  const residuals = new Residuals(() => {});
  residuals.follow(state);
  return residuals;
}

const text = (flags: Iterable<readonly [string, { json: string }]>) =>
  JSON.stringify([...flags].map(([key, { json }]) => [key, json]));

/** The flags of a residual as they travel, in the order in which they do. */
function travelling(state: EnvironmentState, verified: Context): string {
  const contents = <Content>(entries: Map<string, { json: string }>) =>
    Object.fromEntries([...entries].map(([key, { json }]) => [key, JSON.parse(json) as Content | null]));
  const flags = Object.entries(contents<Flag>(state.flags)).filter(([, flag]) => flag !== null);
  const segments = Object.entries(contents(state.segments)).filter(([, segment]) => segment !== null);
  const whole = { flags: Object.fromEntries(flags), segments: Object.fromEntries(segments) };
  const left = specialise(
    rulesetOf(whole.flags as Record<string, Flag>, whole as object),
    verified,
    registry,
  );
  const sorted = Object.entries(left.flags).sort(([a], [b]) => (a < b ? -1 : 1));
  return text(sorted.map(([key, flag]) => [key, { json: JSON.stringify(flag) }]));
}

describe("audience classes", () => {
  test("hold what specialising gives, share a key for equal bytes, and follow changes by patches", () => {
    fc.assert(
      fc.property(
        fc.array(rulesetArbitrary, { minLength: 2, maxLength: 4 }),
        fc.array(contextArbitrary, { minLength: 2, maxLength: 4 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        (rulesets, users, forgets) => {
          const state = environment();
          const residuals = new Residuals(() => {});
          let held = users.map((verified) => residuals.classOf(verified));
          for (const [step, ruleset] of rulesets.entries()) {
            publish(state, ruleset);
            if (forgets[step]) forget(state);
            residuals.follow(state);
            const next = users.map((verified, i) => residuals.next(held[i] as (typeof held)[0], verified));
            next.forEach((seen, i) => {
              const verified = users[i] as Context;
              const before = held[i] as typeof seen;
              const flags = flagsOf(seen);
              expect(text(flags)).toBe(travelling(state, verified));
              expect(seen.key).toBe(residuals.classOf(verified).key);
              expect(seen.key).toBe(afresh(state).classOf(verified).key);
              const patched = new Map<string, { json: string }>(flagsOf(before));
              for (const [key, { json }] of flagsBetween(before, seen))
                if (json === "null") patched.delete(key);
                else patched.set(key, { json });
              expect(text([...patched].sort(([a], [b]) => (a < b ? -1 : 1)))).toBe(text(flags));
              const contents = [...flags].map(([key, { content }]) => [key, content]);
              const ruleset = { flags: Object.fromEntries(contents), segments: {} };
              expect(digestOf(seen)).toBe(wireDigestOf(ruleset));
              for (const other of next)
                expect(seen.key === other.key).toBe(text(flags) === text(flagsOf(other)));
            });
            held = next;
          }
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  test("decide on the server what the definition says of a client key", () => {
    fc.assert(
      fc.property(rulesetArbitrary, contextArbitrary, contextArbitrary, (ruleset, verified, claimed) => {
        const state = environment();
        publish(state, ruleset);
        const evaluator = createSnapshots(() => {})
          .of(state, "client", verified)
          .evaluator();
        const exposed = Object.entries(ruleset.flags).filter(([, { audience }]) => audience === "client");
        const whole = { ...ruleset, kills: [], flags: Object.fromEntries(exposed) };
        const layers = {
          test: (attribute: string) => (PUBLIC_ATTRIBUTES.has(attribute) ? claimed : verified),
          list: verified,
          split: claimed,
        };
        for (const [key] of exposed)
          assertSame(evaluator.evaluate(key, claimed), decideByReference(whole, key, layers));
      }),
      { numRuns: 500 },
    );
  }, 120_000);

  test("leave a server's digest what it would be of the whole", () => {
    fc.assert(
      fc.property(
        fc.array(rulesetArbitrary, { minLength: 2, maxLength: 4 }),
        fc.boolean(),
        (rulesets, forgets) => {
          const state = environment();
          const snapshots = createSnapshots(() => {});
          for (const ruleset of rulesets) {
            publish(state, ruleset);
            if (forgets) forget(state);
            expect(snapshots.of(state, "server").digest()).toBe(wireDigestOf(ruleset));
          }
        },
      ),
    );
  });

  test("follow the registry: what becomes public is sent, and what becomes private is no more", () => {
    const state = environment();
    const when = { attribute: "salary", operator: "in", values: ["canary"] };
    const rules = [{ id: "r1", when, serve: { variation: "on" } }];
    publish(state, rulesetOf({ flag: flagOf({ audience: "client", rules }) }));
    const snapshots = createSnapshots(() => {});
    const now = () => snapshots.of(state, "client").json;
    expect(now()).not.toContain("canary");
    state.revision += 1;
    state.attributes.set("salary", entryOf({ visibility: "public" as const }, state.revision));
    expect(now()).toContain("canary");
    state.revision += 1;
    state.attributes.set("salary", entryOf<{ visibility: "public" }>(null, state.revision));
    expect(now()).not.toContain("canary");
  });
});

describe("too many audience classes", () => {
  const LISTS = 5;
  const users = Array.from({ length: 2 ** LISTS }, (_, i) => ({ targetingKey: `u-${i}` }));
  /** Each list halves the users, and is asked beside something public, so that rules stay in the residual. */
  const explosive = flagOf({
    audience: "client",
    rules: Array.from({ length: LISTS }, (_, bit) => ({
      id: `r${bit}`,
      when: { all: [{ segment: `s${bit}` }, { attribute: "plan", operator: "in", values: [`p${bit}`] }] },
      serve: { variation: "on" },
    })),
  });
  const segments = Object.fromEntries(
    Array.from({ length: LISTS }, (_, bit) => [
      `s${bit}`,
      {
        hash: `h${bit}`,
        unit: "targetingKey",
        included: users.filter((_, i) => (i >> bit) % 2 === 1).map(({ targetingKey }) => targetingKey),
        excluded: [],
      },
    ]),
  );

  test("end in the answers of the widest flag, and name where it asks what is private", () => {
    const state = environment();
    const calm = flagOf({
      audience: "client",
      targets: [{ unit: "targetingKey", variation: "on", values: ["u-1"] }],
    });
    publish(state, rulesetOf({ calm, explosive }, { segments }));
    const told: Widened[] = [];
    const residuals = new Residuals((widened) => told.push(widened), 8);
    residuals.follow(state);
    const before = users.map((verified) => residuals.classOf(verified));
    expect(told.map(({ flag }) => flag)).toEqual(["explosive"]);
    expect(told[0]?.paths).toHaveLength(LISTS);
    expect(told[0]?.paths[0]).toMatch(/^\/segments\/s0\/included$/);
    const after = users.map((verified) => residuals.classOf(verified));
    expect(new Set(after.map(({ key }) => key)).size).toBe(2);
    expect(residuals.liveClasses).toBe(2);
    for (const seen of after) expect(flagsOf(seen).get("explosive")?.content.rules).toEqual([]);
    // Whoever holds the rules still is brought to the answers by the digest, or by the next patch.
    const [held, answered] = [before[3], after[3]];
    expect(held && digestOf(held)).not.toBe(answered && digestOf(answered));
    publish(state, rulesetOf({ calm, explosive: { ...explosive, hash: "new", rules: [] } }, { segments }));
    residuals.follow(state);
    expect(new Set(users.map((verified) => residuals.classOf(verified).key)).size).toBe(2);
  });

  test("are followed through changes as if each user came anew, and answer as the whole does", () => {
    fc.assert(
      fc.property(
        fc.array(rulesetArbitrary, { minLength: 2, maxLength: 4 }),
        fc.array(contextArbitrary, { minLength: 3, maxLength: 6 }),
        fc.nat(2),
        (rulesets, users, liveMax) => {
          const state = environment();
          const residuals = new Residuals(() => {}, liveMax);
          for (const ruleset of rulesets) {
            publish(state, ruleset);
            residuals.follow(state);
            // Who comes may widen a flag for those who came before.
            for (const verified of users) residuals.classOf(verified);
            for (const verified of users) {
              const seen = residuals.classOf(verified);
              const flags = flagsOf(seen);
              expect(seen.key).toBe(residuals.classOf({ ...verified }).key);
              const contents = [...flags].map(([key, { content }]) => [key, content]);
              const shown = { flags: Object.fromEntries(contents) as Record<string, Flag>, segments: {} };
              expect(digestOf(seen)).toBe(wireDigestOf(shown));
              const exposed = specialise({ ...ruleset, kills: [] }, verified, registry);
              const [narrow, whole] = [createEvaluator(rulesetOf(shown.flags)), createEvaluator(exposed)];
              expect([...flags.keys()]).toEqual(Object.keys(exposed.flags).sort());
              for (const key of flags.keys())
                expect(narrow.evaluate(key, verified).value).toEqual(whole.evaluate(key, verified).value);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  test("do not keep a user from an answer when every flag is an answer already", () => {
    const state = environment();
    publish(state, rulesetOf({ explosive }, { segments }));
    const residuals = new Residuals(() => {}, 0);
    residuals.follow(state);
    const seen = residuals.classOf({ targetingKey: "u-1" });
    expect([...flagsOf(seen).keys()]).toEqual(["explosive"]);
    expect(seen.key).toBe(classKey(seen.layout, seen.own));
  });
});
