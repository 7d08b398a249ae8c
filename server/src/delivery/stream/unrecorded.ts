import { KillId } from "@lanyard/contract";
import { unheardOf } from "../../fanout/index.ts";
import type { EnvironmentState } from "../environments/index.ts";

const IDS_MAX = 200;

/**
 * Kills that open streams hold and no record has: the node that accepted them was lost before it could pass them on. They
 * stay in force in these instances until somebody lifts them.
 */
export interface Unrecorded {
  /** What an SDK says that it holds; returns what is to be told of its stream's end. */
  hold(state: EnvironmentState, ids: ReadonlySet<string>): () => void;
  /** By how many open streams each is held. */
  of(state: EnvironmentState): { id: string; instances: number }[];
}

export function createUnrecorded(): Unrecorded {
  const byEnvironment = new Map<string, Map<string, number>>();

  function add(counts: Map<string, number>, id: string, by: 1 | -1): void {
    const count = (counts.get(id) ?? 0) + by;
    if (count > 0) counts.set(id, count);
    else counts.delete(id);
  }

  return {
    hold(state, ids) {
      if (ids.size === 0) return () => {};
      const counts = byEnvironment.get(state.id) ?? new Map<string, number>();
      byEnvironment.set(state.id, counts);
      // A drill is on no record either.
      const held = unheardOf(state.kills, ids).filter(
        (id) => KillId.safeParse(id).success && (counts.has(id) || counts.size < IDS_MAX),
      );
      for (const id of held) add(counts, id, 1);
      return () => {
        for (const id of held) add(counts, id, -1);
      };
    },
    of(state) {
      const counts = byEnvironment.get(state.id) ?? new Map<string, number>();
      return unheardOf(state.kills, counts.keys()).map((id) => ({ id, instances: counts.get(id) ?? 0 }));
    },
  };
}
