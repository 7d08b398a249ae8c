import type { KillReceipts } from "@lanyard/contract";
import type { Confirmation } from "../../fanout/index.ts";
import type { EnvironmentState } from "../environments/index.ts";

const STRAGGLERS_NAMED = 20;
/** Of pages; enough for a percentile. */
const PAGES_MAX = 1_000;

export type Place = Pick<EnvironmentState, "id" | "key" | "projectId" | "projectKey">;

export interface Awaited {
  place: Place;
  app: string | null;
  host: string | null;
}

/** Who has confirmed one kill, and who has not. */
export class Tally {
  /** When the kill was accepted, by the clock of the server that did. */
  readonly at: number;
  readonly drill: boolean;
  /** The environments that it covers, by id. */
  readonly places = new Map<string, Place>();
  /** Whether only a share was asked to confirm. */
  sampled = false;
  readonly #awaited = new Map<string, Awaited>();
  readonly #confirmed = new Set<string>();
  readonly #latencies: number[] = [];
  readonly #pages: number[] = [];

  constructor(at: number, drill: boolean) {
    this.at = at;
    this.drill = drill;
  }

  /** Instances in it. */
  get size(): number {
    return this.#awaited.size + this.#confirmed.size;
  }

  expect(id: string, awaited: Awaited): void {
    if (!this.#confirmed.has(id)) this.#awaited.set(id, awaited);
  }

  /** False when it was known. */
  confirm({ instance, effectAt }: Confirmation): boolean {
    const latencyMs = Math.max(0, effectAt - this.at);
    if (instance === null) return this.#pages.length < PAGES_MAX && this.#pages.push(latencyMs) > 0;
    if (this.#confirmed.has(instance)) return false;
    this.#awaited.delete(instance);
    this.#confirmed.add(instance);
    this.#latencies.push(latencyMs);
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
    return {
      seen: this.size,
      confirmed: this.#confirmed.size,
      ...percentiles(this.#latencies),
      stragglers: named.map(([id, awaited]) => present(id, awaited)),
      sampled: this.sampled,
      browsers:
        this.#pages.length === 0 ? null : { confirmed: this.#pages.length, ...percentiles(this.#pages) },
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
