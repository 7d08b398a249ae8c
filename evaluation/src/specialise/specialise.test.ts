import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Condition, type Context, createEvaluator, type Ruleset } from "../index.ts";
import {
  assertSame,
  contextArbitrary,
  decideByReference,
  flagOf,
  type Layers,
  PUBLIC_ATTRIBUTES,
  ruleOf,
  rulesetArbitrary,
  rulesetOf,
  runs,
  segmentOf,
} from "../testing/index.ts";
import { FOLDING } from "./fold.ts";
import { createSpecialiser, specialise } from "./index.ts";
import { RESIDUAL, type ResidualRules } from "./residual.ts";

const registry = { publicAttributes: PUBLIC_ATTRIBUTES };
const RULES: ResidualRules = { ...FOLDING, ...RESIDUAL };

/** What a client key means: lists and private attributes are verified, public ones and splits are claimed. */
function clientLayers(verified: Context, claimed: Context): Layers {
  return {
    test: (attribute) => (PUBLIC_ATTRIBUTES.has(attribute) ? claimed : verified),
    list: verified,
    split: claimed,
  };
}

function clientFlags(ruleset: Ruleset): Ruleset {
  const flags = Object.entries(ruleset.flags).filter(([, { audience }]) => audience === "client");
  return { ...ruleset, flags: Object.fromEntries(flags) };
}

interface Case {
  ruleset: Ruleset;
  claimed: Context;
  verified: Context;
  residual: Ruleset;
  specialise(ruleset: Ruleset): Ruleset;
}

type Gate = (tried: Case) => void;

const isSound: Gate = ({ ruleset, verified, claimed, residual }) => {
  const evaluator = createEvaluator(residual);
  const exposed = clientFlags(ruleset);
  assert(
    Object.keys(residual.flags).join() === Object.keys(exposed.flags).join(),
    "exactly the client flags",
  );
  for (const key of Object.keys(residual.flags)) {
    assertSame(
      evaluator.evaluate(key, claimed),
      decideByReference(exposed, key, clientLayers(verified, claimed)),
    );
  }
};

const CANARY = "canary-7f3a";

/** The same ruleset with another literal wherever something private is asked of which the context knows nothing. */
function withCanaries(ruleset: Ruleset): Ruleset {
  const condition = (at: Condition): Condition => {
    if ("all" in at) return { all: at.all.map(condition) };
    if ("any" in at) return { any: at.any.map(condition) };
    if ("not" in at) return { not: condition(at.not) };
    const plantable = "attribute" in at && !PUBLIC_ATTRIBUTES.has(at.attribute) && at.operator === "in";
    return plantable ? { ...at, values: [...(at.values ?? []), CANARY] } : at;
  };
  const listed = (values: string[]) => [...values, `${CANARY}-member`];
  const flags = Object.entries(ruleset.flags).map(([key, flag]) => {
    const rules = flag.rules.map((rule) => ({ ...rule, when: condition(rule.when) }));
    const targets = flag.targets.map((target) => ({ ...target, values: listed(target.values) }));
    return [key, { ...flag, rules, targets, hash: `${CANARY}${flag.hash}` }];
  });
  const segments = Object.entries(ruleset.segments).map(([key, segment]) => {
    const { when, included, excluded } = segment;
    const lists = { included: listed(included), excluded: listed(excluded) };
    return [key, { ...segment, ...lists, ...(when === undefined ? {} : { when: condition(when) }) }];
  });
  return { ...ruleset, flags: Object.fromEntries(flags), segments: Object.fromEntries(segments) };
}

const doesNotInterfere: Gate = ({ ruleset, residual, specialise }) => {
  const planted = specialise(withCanaries(ruleset));
  assert(JSON.stringify(planted.flags) === JSON.stringify(residual.flags), "equal byte for byte");
  assert(!JSON.stringify(planted).includes(CANARY), "no canary");
};

const commutesWithKills: Gate = ({ ruleset, residual, specialise }) => {
  const alive = specialise({ ...ruleset, kills: [] });
  const exposed = ruleset.kills.filter(({ flag }) => flag in residual.flags);
  assert(JSON.stringify(residual) === JSON.stringify({ ...alive, kills: exposed }), "commutes with kills");
};

/** Nothing is left that cannot decide, and no value that cannot be served. */
const isMinimal: Gate = ({ residual }) => {
  for (const flag of Object.values(residual.flags)) {
    const served = JSON.stringify([flag.off, flag.targets, flag.rules, flag.fallthrough]);
    const needless = flag.variations.filter(({ id }) => !served.includes(`"${id}"`));
    assert(needless.length === 0, "no needless variation");
    for (const { flag: key, variations } of flag.prerequisites) {
      const ids = residual.flags[key]?.variations.map(({ id }) => id);
      assert(ids === undefined || variations.every((id) => ids.includes(id)), "no needless name");
    }
    const conditions = flag.rules.map(({ when }) => JSON.stringify(when));
    assert(!conditions.join().includes('{"any":[]}'), "no rule that never holds");
    const always = conditions.indexOf('{"all":[]}');
    if (always < 0) continue;
    assert(always === conditions.length - 1, "nothing after a rule that always holds");
    assert(
      JSON.stringify(flag.fallthrough) === JSON.stringify({ variation: flag.off }),
      "no fallthrough, either",
    );
  }
};

const propertyOf = (rules: ResidualRules, ...gates: Gate[]) =>
  fc.property(rulesetArbitrary, contextArbitrary, contextArbitrary, (ruleset, verified, claimed) => {
    const specialise = (whole: Ruleset) => createSpecialiser(whole, registry, {}, rules).residual(verified);
    const tried = { ruleset, verified, claimed, residual: specialise(ruleset), specialise };
    for (const gate of gates) gate(tried);
  });

const PATIENCE = 600_000;

test(
  "a residual decides as the whole does, tells nothing private, commutes with kills, and is minimal",
  () => {
    fc.assert(propertyOf(RULES, isSound, doesNotInterfere, commutesWithKills, isMinimal), {
      numRuns: runs(10_000),
    });
  },
  PATIENCE,
);

test("users of one class get the same flags, byte for byte", () => {
  fc.assert(
    fc.property(rulesetArbitrary, contextArbitrary, contextArbitrary, (ruleset, one, other) => {
      const specialiser = createSpecialiser(ruleset, registry);
      if (specialiser.classOf(one) !== specialiser.classOf(other)) return;
      expect(JSON.stringify(specialiser.residual(one).flags)).toBe(
        JSON.stringify(specialiser.residual(other).flags),
      );
    }),
    { numRuns: runs(2_000) },
  );
});

describe("each folding rule is held by a property", () => {
  const broken: Record<string, Partial<ResidualRules>> = {
    "true or x becomes x": { any: (parts) => FOLDING.any(parts.filter((part) => part !== true)) },
    "false and x becomes x": { all: (parts) => FOLDING.all(parts.filter((part) => part !== false)) },
    "an unknown part of all is dropped": {
      all: (parts) => FOLDING.all(parts.filter((part) => typeof part === "boolean")),
    },
    "an unknown part of any is dropped": {
      any: (parts) => FOLDING.any(parts.filter((part) => typeof part === "boolean")),
    },
    "not of unknown is false": { not: (part) => (typeof part === "boolean" ? !part : false) },
    "not of unknown is unknown, without the not": {
      not: (part) => (typeof part === "boolean" ? !part : part),
    },
    "a public attribute is taken as missing": {
      test: (test, known) => (known.isPublic(test.attribute) ? false : known.answer(test)),
    },
    "a private test stays": { test: (test) => test },
    "included wins over excluded": {
      segment: ({ included, excluded }, known, when) =>
        known.answer(included) || (!known.answer(excluded) && when()),
    },
    "lists are not looked at": { segment: (_segment, _known, when) => when() },
    "targets stay": { targets: (targets) => targets },
    "targets are lost": { targets: () => [] },
    "the last target wins": {
      targets: (targets, known) => RESIDUAL.targets([...targets].reverse(), known),
    },
    "false rules stay": {
      rules: (rules) =>
        RESIDUAL.rules(rules.map(([rule, when]) => [rule, when === false ? { any: [] } : when])),
    },
    "nothing after an always true rule is cut": {
      rules: (rules) =>
        rules
          .filter(([, when]) => when !== false)
          .map(([rule, when]) => ({ ...rule, when: when as Condition })),
    },
    "rules that do not surely hold are dropped": {
      rules: (rules) => RESIDUAL.rules(rules.filter(([, when]) => typeof when === "boolean")),
    },
    "what a prerequisite cannot find is named": { prerequisite: (prerequisite) => prerequisite },
    "a prerequisite can find the off variation only": {
      prerequisite: ({ flag }) => ({ flag, variations: ["off"] }),
    },
    "every variation is kept": { variations: (variations) => variations },
    "the off variation is lost": {
      variations: (variations, served) => variations.filter(({ id }) => served.has(id)).slice(1),
    },
  };
  test.each(Object.entries(broken))("%s", (_, rule) => {
    const rules = { ...RULES, ...rule };
    const property = propertyOf(rules, isSound, doesNotInterfere, isMinimal);
    expect(fc.check(property, { numRuns: 3_000, endOnFailure: true }).failed).toBe(true);
  });
});

describe("traps that others fell into", () => {
  const isPublic: Condition = { attribute: "plan", operator: "in", values: ["pro"] };
  const isPrivate = (...values: string[]): Condition => ({ attribute: "country", operator: "in", values });
  const whenOf = (when: Condition, verified: Context) => {
    const flag = { ...ruleOf(when), audience: "client" as const };
    return specialise(rulesetOf({ flag }), verified, registry).flags.flag;
  };

  test("true or unknown is true", () => {
    expect(whenOf({ any: [isPrivate("NO"), isPublic] }, { country: "NO" })?.rules[0]?.when).toEqual({
      all: [],
    });
  });
  test("an attribute that the page will say is not missing, also under negation", () => {
    expect(whenOf({ not: isPublic }, {})?.rules[0]?.when).toEqual({ not: isPublic });
    const exists: Condition = { attribute: "plan", operator: "exists" };
    expect(whenOf({ not: exists }, {})?.rules[0]?.when).toEqual({ not: exists });
  });
  test("a false branch is folded, and its literal stays behind", () => {
    const flag = whenOf({ any: [{ all: [isPublic, isPrivate(CANARY)] }, isPublic] }, { country: "NO" });
    expect(flag?.rules[0]?.when).toEqual(isPublic);
    expect(JSON.stringify(flag)).not.toContain(CANARY);
  });
  test("a private attribute that is not verified is absent, also under negation", () => {
    expect(whenOf({ not: isPrivate("NO") }, {})?.rules[0]?.when).toEqual({ all: [] });
  });
  test("a false rule goes, with the variation only it served", () => {
    const flag = whenOf(isPrivate("NO"), {});
    expect(flag?.rules).toEqual([]);
    expect(flag?.variations).toEqual([{ id: "off", value: false }]);
  });
  test("a flag that is not understood here is not understood there, and tells nothing", () => {
    const flag = whenOf({ attribute: "country", operator: "no-such-operator", values: [CANARY] }, {});
    expect(JSON.stringify(flag)).not.toContain(CANARY);
    const residual = rulesetOf({ flag: flag ?? flagOf() });
    expect(createEvaluator(residual).evaluate("flag", {})).toMatchObject({
      reason: "unsupported",
      value: false,
    });
  });
  test("flags for servers, and their kills, are not there", () => {
    const kills = ["secret", "shown"].map((flag) => ({ id: flag, flag, at: "2026-01-01T00:00:00Z" }));
    const ruleset = rulesetOf({ secret: flagOf(), shown: flagOf({ audience: "client" }) }, { kills });
    expect(JSON.stringify(specialise(ruleset, {}, registry))).not.toContain("secret");
  });
  test("segments are inlined, and their names and lists stay behind", () => {
    const flag = { ...ruleOf({ segment: CANARY }), audience: "client" as const };
    const segments = { [CANARY]: segmentOf({ included: [CANARY], when: isPublic }) };
    const residual = specialise(rulesetOf({ flag }, { segments }), {}, registry);
    expect(residual.flags.flag?.rules[0]?.when).toEqual(isPublic);
    expect(JSON.stringify(residual)).not.toContain(CANARY);
  });
  test("facts are named, to say which condition makes many classes", () => {
    const flag = flagOf({ ...ruleOf(isPrivate("NO")), audience: "client" });
    expect(createSpecialiser(rulesetOf({ flag }), registry).facts()).toEqual([
      { flag: "flag", paths: ["/flags/flag/rules/0/when"] },
    ]);
  });
});
