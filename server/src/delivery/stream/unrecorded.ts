import { KillId } from "@lanyard/contract";
import { createNodeWords, type Fanout, type HeldKill, unheardOf } from "../../fanout/index.ts";
import type { EnvironmentState } from "../environments/index.ts";
import type { Audience } from "../ruleset/index.ts";
import { HeldKills } from "./held-kills.ts";

const TICK_MS = 1_000;
/** A node that is silent is taken for gone: what it said last is said again. */
const REPEAT_EVERY_TICKS = 15;

/**
 * Kills that open streams hold and no record has: the node that accepted them was lost before it could pass them on. They
 * stay in force in these instances until somebody lifts them.
 */
export interface Unrecorded {
  /** What an SDK says that it holds; returns what is to be told of its stream's end. */
  hold(state: EnvironmentState, audience: Audience, ids: ReadonlySet<string>): () => void;
  /** By how many open streams each is held: on this node now, on the others as each last said. */
  of(state: EnvironmentState): HeldKill[];
  close(): void;
}

export function createUnrecorded(fanout: Fanout): Unrecorded {
  const own = new Map<string, HeldKills>();
  const elsewhere = createNodeWords<HeldKill[]>();
  /** Environments of which the others do not have this node's newest word. */
  const changed = new Set<string>();
  let ticks = 0;

  function tell(environmentId: string, held: HeldKill[]): void {
    fanout.announce({ type: "held", environmentId, node: fanout.node, held });
  }

  const stopListening = fanout.listen((announcement) => {
    if (announcement.type !== "held" || announcement.node === fanout.node) return;
    const { environmentId, node, held } = announcement;
    elsewhere.note(environmentId, node, held.length === 0 ? undefined : held);
  });
  const timer = setInterval(() => {
    ticks += 1;
    for (const [environmentId, ids] of own) {
      const held = ids.list();
      if (changed.has(environmentId) || ticks % REPEAT_EVERY_TICKS === 0) tell(environmentId, held);
      if (held.length === 0) own.delete(environmentId);
    }
    changed.clear();
  }, TICK_MS).unref();

  return {
    hold(state, audience, ids) {
      if (ids.size === 0) return () => {};
      // A drill is on no record either.
      const told = unheardOf(state.kills, ids).filter((id) => KillId.safeParse(id).success);
      if (told.length === 0) return () => {};
      const counts = own.get(state.id) ?? new HeldKills();
      own.set(state.id, counts);
      const held = told.filter((id) => counts.add(audience, id, 1));
      if (held.length > 0) changed.add(state.id);
      return () => {
        for (const id of held) counts.remove(audience, id);
        if (held.length > 0) changed.add(state.id);
      };
    },
    of(state) {
      const all = new HeldKills();
      // This node's own come first: they are known whatever the others say.
      for (const ids of [own.get(state.id)?.list() ?? [], ...elsewhere.of(state.id)]) all.addAll(ids);
      const held = all.list();
      const ids = held.map(({ id }) => id);
      const unheard = new Set(unheardOf(state.kills, ids));
      return held.filter(({ id }) => unheard.has(id));
    },
    close() {
      clearInterval(timer);
      stopListening();
      for (const environmentId of own.keys()) tell(environmentId, []);
    },
  };
}
