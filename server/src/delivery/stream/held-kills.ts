import type { HeldKill } from "../../fanout/index.ts";
import type { Audience } from "../ruleset/index.ts";

/** Apart, since a page's key is public: what it makes up must not take the place of what servers say. */
const IDS_MAX: Record<Audience, number> = { server: 200, client: 20 };

/** By how many streams of each audience an id is held, for a bounded number of ids. */
export class HeldKills {
  readonly #counts: Record<Audience, Map<string, number>> = { server: new Map(), client: new Map() };

  /** False when there are too many ids already. */
  add(audience: Audience, id: string, streams: number): boolean {
    const counts = this.#counts[audience];
    const isKept = streams > 0 && (counts.has(id) || counts.size < IDS_MAX[audience]);
    if (isKept) counts.set(id, (counts.get(id) ?? 0) + streams);
    return isKept;
  }

  remove(audience: Audience, id: string): void {
    const counts = this.#counts[audience];
    const left = (counts.get(id) ?? 0) - 1;
    if (left > 0) counts.set(id, left);
    else counts.delete(id);
  }

  addAll(ids: HeldKill[]): void {
    for (const { id, instances, browsers } of ids) {
      this.add("server", id, instances);
      this.add("client", id, browsers);
    }
  }

  /** Those that servers hold come first. */
  list(): HeldKill[] {
    const { server, client } = this.#counts;
    return [...new Set([...server.keys(), ...client.keys()])].map((id) => ({
      id,
      instances: server.get(id) ?? 0,
      browsers: client.get(id) ?? 0,
    }));
  }
}
