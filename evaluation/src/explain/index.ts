import { createDefinitions } from "../definitions.ts";
import type { Context, Decision, Ruleset } from "../model.ts";
import type { Extensions } from "../operators/modules.ts";
import { decide } from "../program.ts";
import { pathsOf } from "./paths.ts";
import { Tracer, type TraceStep } from "./tracer.ts";

export type { TraceStep } from "./tracer.ts";

/** A decision, and how it came about. */
export interface Explanation {
  decision: Decision;
  /** In the order in which they were taken; what a segment or a required flag asked comes before what it answered. */
  steps: TraceStep[];
}

/** Decides as `evaluate` does, by the same code, and tells every step. */
export function explain(
  ruleset: Ruleset,
  key: string,
  context: Context,
  extensions: Extensions = {},
): Explanation {
  const definitions = createDefinitions(extensions);
  const tracer = new Tracer(context, ruleset);
  definitions.trace = tracer.trace;
  definitions.apply(ruleset.flags, ruleset.segments);
  for (const { flag } of ruleset.kills) definitions.setKilled(flag, true);
  const program = definitions.programOf(definitions.entryOf("flag", key));
  const decision = decide(program, context, definitions);
  return { decision, steps: [...gates(key, decision), ...tracer.steps] };
}

/** What comes before the first step of a program: whether the flag is killed, and whether it is on. */
function gates(key: string, { reason }: Decision): TraceStep[] {
  if (reason === "flag-not-found") return [];
  const killed: TraceStep = { kind: "killed", path: "/kills", holds: reason === "killed" };
  const on: TraceStep = { kind: "on", path: pathsOf.flag(key, "on"), holds: reason !== "off" };
  return killed.holds ? [killed] : [killed, on];
}
