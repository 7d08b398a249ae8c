import type { KillReceipts } from "@lanyard/contract";
import type { Confirmation } from "../../fanout/index.ts";
import type { EnvironmentState } from "../environments/index.ts";

const STRAGGLERS_NAMED = 20;
/** Of pages; enough for a percentile. */
const PAGES_MAX = 1_000;

export type Place = Pick<EnvironmentState, "id" | "key" | "projectId" | "projectKey">;

interface Awaited {
  place: Place;
  app: string | null;
  host: string | null;
}

/** Who was there, as it names itself. */
interface Named extends Omit<Awaited, "place"> {
  id: string;
}

/** What is to be confirmed in one environment. */
interface Asked {
  place: Place;
  /** When the newest of it was accepted, by the clock of the server that did. */
  at: number;
  flags: Set<string>;
  /** Latencies. */
  pages: number[];
}

interface Word {
  environmentId: string;
  /** How many it said that it holds down. */
  flags: number;
  effectAt: number;
}

/** Who has confirmed one kill, and who has not. A kill can grow under its id: then all are asked again. */
export class Tally {
  readonly drill: boolean;
  /** Whether only a share was asked to confirm. */
  sampled = false;
  readonly #asked = new Map<string, Asked>();
  readonly #awaited = new Map<string, Awaited>();
  readonly #confirmed = new Map<string, Word>();

  constructor(drill: boolean) {
    this.drill = drill;
  }

  /** Where it holds. */
  get places(): Place[] {
    return [...this.#asked.values()].map(({ place }) => place);
  }

  /** When the newest of it was accepted. */
  get at(): number {
    return Math.max(0, ...[...this.#asked.values()].map(({ at }) => at));
  }

  /** Instances in it. */
  get size(): number {
    return this.#awaited.size + this.#confirmed.size;
  }

  isAsked(environmentId: string): boolean {
    return this.#asked.has(environmentId);
  }

  /** These flags are killed there too; awaited is, of those there, whoever has not said that it holds as many. */
  ask(place: Place, { at, flags }: { at: number; flags: string[] }, there: Named[]): void {
    const before = this.#asked.get(place.id);
    const all = new Set([...(before?.flags ?? []), ...flags]);
    this.#asked.set(place.id, { place, at: Math.max(at, before?.at ?? 0), flags: all, pages: [] });
    for (const [id, word] of this.#confirmed)
      if (word.environmentId === place.id && word.flags < all.size) this.#confirmed.delete(id);
    for (const { id, app, host } of there)
      if (!this.#confirmed.has(id)) this.#awaited.set(id, { place, app, host });
  }

  /** These flags are lifted there: nobody is asked for them, and who held them holds so many fewer. */
  release(environmentId: string, flags: string[]): void {
    const asked = this.#asked.get(environmentId);
    if (!asked) return;
    for (const flag of flags) asked.flags.delete(flag);
    for (const word of this.#confirmed.values())
      if (word.environmentId === environmentId) word.flags = Math.min(word.flags, asked.flags.size);
  }

  /** False when it was known, or is of less than was asked. */
  confirm(environmentId: string, { instance, effectAt, flags }: Confirmation): boolean {
    const asked = this.#asked.get(environmentId);
    if (!asked) return false;
    if (instance === null) {
      if (asked.pages.length >= PAGES_MAX) return false;
      asked.pages.push(Math.max(0, effectAt - asked.at));
      return true;
    }
    const word = { environmentId, flags: flags ?? asked.flags.size, effectAt };
    const known = this.#confirmed.get(instance);
    if (word.flags < asked.flags.size || (known && known.flags >= word.flags)) return false;
    this.#awaited.delete(instance);
    this.#confirmed.set(instance, word);
    return true;
  }

  /** An instance that ended properly is not missed. */
  leave(id: string): boolean {
    return this.#awaited.delete(id);
  }

  get complete(): boolean {
    return !this.sampled && this.#awaited.size === 0;
  }

  /** `present` says how an awaited one is shown. */
  summary(
    scope: KillReceipts["scope"],
    present: (id: string, awaited: Awaited) => KillReceipts["stragglers"][number],
  ): KillReceipts {
    const named = this.sampled ? [] : [...this.#awaited].slice(0, STRAGGLERS_NAMED);
    const latencyOf = ({ environmentId, effectAt }: Word) =>
      Math.max(0, effectAt - (this.#asked.get(environmentId)?.at ?? effectAt));
    const pages = [...this.#asked.values()].flatMap((asked) => asked.pages);
    return {
      seen: this.size,
      confirmed: this.#confirmed.size,
      since: new Date(this.at).toISOString(),
      ...percentiles([...this.#confirmed.values()].map(latencyOf)),
      stragglers: named.map(([id, awaited]) => present(id, awaited)),
      sampled: this.sampled,
      browsers: pages.length === 0 ? null : { confirmed: pages.length, ...percentiles(pages) },
      scope,
    };
  }
}

/** By nearest rank: a latency that was measured, never one in between. */
export function percentiles(latencies: number[]): { p50Ms: number | null; p99Ms: number | null } {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
