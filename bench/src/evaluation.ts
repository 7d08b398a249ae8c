// What a decision costs beside the tightest code for that one decision. Arguments: --json, --quick.
import type { Ruleset } from "@lanyard/evaluation";
import { createClient } from "@lanyard/sdk-node";
import { FLOORS } from "./evaluation/floors.ts";
import { interleave, type Loop } from "./evaluation/measure.ts";
import { measureRuleset } from "./evaluation/ruleset.ts";
import { type Workload, workloads } from "./evaluation/workloads.ts";

const quick = process.argv.includes("--quick");
const effort = quick
  ? { decisions: 50_000, rounds: 5, warmups: 2 }
  : { decisions: 100_000, rounds: 15, warmups: 3 };

interface Row {
  /** The public call, counting included. */
  ns: number;
  floorNs: number;
  ratio: number;
}

/** Asks in the order of the keys; contexts are picked so that every flag meets different ones. */
function loopOf(
  { keys, contexts }: Workload,
  decide: (key: string, context: Workload["contexts"][number]) => boolean,
): Loop {
  let at = 0;
  return (decisions) => {
    let trues = 0;
    for (let i = 0; i < decisions; i++, at++) {
      const key = keys[at % keys.length] as string;
      const context = contexts[(at * 7_919) % contexts.length];
      if (context !== undefined && decide(key, context)) trues++;
    }
    return trues;
  };
}

function measure(workload: Workload): Row {
  const floor = FLOORS[workload.name]?.();
  if (floor === undefined) throw new Error(`no floor for ${workload.name}`);
  // As it comes from a server: texts that were parsed are not those that the source names.
  const client = createClient({ bootstrap: JSON.parse(JSON.stringify(workload.ruleset)) as Ruleset });
  const ask = (key: string, context: Workload["contexts"][number]) => client.boolean(key, context, false);
  for (const [i, context] of workload.contexts.entries()) {
    const key = workload.keys[i % workload.keys.length] as string;
    if (floor(key, context) !== ask(key, context))
      throw new Error(`${workload.name}: the floor decides otherwise`);
  }
  const { floorNs, ns } = interleave({ floorNs: loopOf(workload, floor), ns: loopOf(workload, ask) }, effort);
  void client.close();
  return { ns, floorNs, ratio: ns / floorNs };
}

const rows = Object.fromEntries(workloads().map((workload) => [workload.name, measure(workload)]));
const ruleset = measureRuleset(quick);

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ ...rows, ruleset }));
} else {
  console.table(
    Object.fromEntries(
      workloads().map(({ name, describe }) => {
        const row = rows[name] as Row;
        const rounded = Object.fromEntries(
          Object.entries(row).map(([column, value]) => [column, Number(value.toFixed(2))]),
        );
        return [`${name} ${describe}`, rounded];
      }),
    ),
  );
  console.table(ruleset);
}
