import { createEvaluator, type Ruleset } from "@lanyard/evaluation";
import { interleave, time } from "./measure.ts";
import { fiveRules, manyFlags } from "./workloads.ts";

/** What a whole ruleset costs, beside `JSON.parse` of the same text. */
export interface RulesetCosts {
  parseMs: number;
  readyMs: number;
  readyRatio: number;
  firstReadsMs: number;
  firstReadsRatio: number;
  parsedHeapMb: number;
  compiledHeapMb: number;
  heapRatio: number;
  patchUs: number;
  firstPatchUs: number;
}

const MANY = 20_000;

/** Measures 2,000 flags of W3's shape, and a patch of one flag among 20,000. */
export function measureRuleset(quick: boolean): RulesetCosts {
  const text = JSON.stringify(manyFlags(2_000));
  const times = quick ? 3 : 15;
  const context = {
    targetingKey: "user-1",
    country: "GB",
    email: "a@b.example",
    plan: "free",
    version: "1.2.3",
  };
  const parse = () => JSON.parse(text) as Ruleset;
  const read = (evaluator: ReturnType<typeof createEvaluator>) => {
    for (const key of evaluator.keys()) evaluator.evaluate(key, context);
    return evaluator;
  };
  const once = (action: () => unknown) => () => (action() === undefined ? 0 : 1);
  const ready = () => createEvaluator(parse());
  const ns = interleave(
    { parse: once(parse), ready: once(ready) },
    { decisions: 1, rounds: times, warmups: 3 },
  );
  const [parseMs, readyMs] = [ns.parse / 1e6, ns.ready / 1e6];
  const fresh = Array.from({ length: times }, ready);
  const firstReadsMs = time(times, () => read(fresh.pop() ?? createEvaluator(parse())));
  const parsedHeapMb = heapOf(parse);
  const compiledHeapMb = heapOf(() => read(createEvaluator(parse())));
  return {
    parseMs,
    readyMs,
    readyRatio: readyMs / parseMs,
    firstReadsMs,
    firstReadsRatio: firstReadsMs / parseMs,
    parsedHeapMb,
    compiledHeapMb,
    heapRatio: compiledHeapMb / parsedHeapMb,
    ...measurePatch(),
  };
}

function measurePatch(): { patchUs: number; firstPatchUs: number } {
  const evaluator = createEvaluator(manyFlags(MANY));
  let revision = 1;
  const patch = () => {
    const flag = { ...fiveRules(revision % MANY), hash: `changed-${revision}` };
    const start = performance.now();
    evaluator.patch({
      epoch: 1,
      from: revision,
      to: revision + 1,
      flags: { [`flag-${revision % MANY}`]: flag },
      segments: {},
    });
    revision++;
    return performance.now() - start;
  };
  const firstPatchUs = patch() * 1000;
  const samples = Array.from({ length: 201 }, patch).sort((a, b) => a - b);
  return { patchUs: (samples[100] ?? Number.NaN) * 1000, firstPatchUs };
}

/** What is held on the heap by what an action returns; needs `--expose-gc`. */
function heapOf(action: () => unknown): number {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) return Number.NaN;
  collect();
  const before = process.memoryUsage().heapUsed;
  const held = action();
  collect();
  const after = process.memoryUsage().heapUsed;
  return held === undefined ? Number.NaN : (after - before) / 1e6;
}
