import { setImmediate } from "node:timers/promises";
import type { KillReceipts, SdkReceipt } from "@lanyard/contract";
import { DRILL_FLAG } from "@lanyard/evaluation";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import type { Announcement, Confirmation, Fanout } from "../../fanout/index.ts";
import type { EnvironmentEvent, EnvironmentState, Environments } from "../environments/index.ts";
import { type Hub, type Pace, paceOf } from "../stream/index.ts";
import { Instances } from "./instances.ts";
import { keepReceipts } from "./keep.ts";
import { watchLoad } from "./load.ts";
import { instancesKnown } from "./metrics.ts";
import { presentInstances, presentTally } from "./present.ts";
import type { Sender } from "./sender.ts";
import { shareReceipts } from "./sharing.ts";
import { type Stream, watchSilence } from "./silence.ts";
import { Tallies } from "./tallies.ts";
import type { Tally } from "./tally.ts";

const KEEP_EVERY_MS = 5_000;
const PROGRESS_EVERY_MS = 250;
/** Kill calls that may wait at once; the next one is answered without waiting. */
const WAITING_MAX = 100;

/** How far a kill has come, for whoever watches it. */
export interface Progress {
  projectId: string;
  project: string;
  kill: string;
  receipts: KillReceipts;
}

interface Options {
  environments: Environments;
  fanout: Fanout;
  hub: Hub;
  database: Database;
  log: Logger;
}

/** Who is there and who has confirmed what, in memory; nothing depends on it, and it is dropped first under load. */
export class Receipts {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #fanout: Fanout;
  readonly #hub: Hub;
  readonly #instances = new Instances();
  readonly #tallies = new Tallies();
  readonly #load = watchLoad();
  readonly #sharing;
  readonly #silence;
  readonly #timers: NodeJS.Timeout[];
  /** Kills whose receipts nobody was told of yet. */
  readonly #changed = new Set<string>();
  /** Kills whose receipts the database does not have yet. */
  readonly #unkept = new Set<string>();
  #keeping: Promise<void> | undefined;
  readonly #listeners = new Set<(progress: Progress) => void>();
  readonly #waiting = new Map<Tally, Set<() => void>>();
  #waits = 0;

  constructor({ environments, fanout, hub, database, log }: Options) {
    this.#database = database;
    this.#log = log;
    this.#fanout = fanout;
    this.#hub = hub;
    this.#sharing = shareReceipts(fanout, { alone: database.kind === "pglite" });
    const hasRedis = fanout.shelf !== undefined;
    this.#silence = watchSilence({
      instances: this.#instances,
      mayHaveMissed: (sinceMs) => this.#load.droppedAt > sinceMs || (hasRedis && !this.#sharing.whole),
    });
    fanout.listen((announcement) => this.#hear(announcement));
    environments.listen((event) => this.#follow(event));
    this.#timers = [
      setInterval(() => this.#keepAndForget(), KEEP_EVERY_MS).unref(),
      setInterval(() => this.#tellProgress(), PROGRESS_EVERY_MS).unref(),
    ];
  }

  /** False when this node has more important things to do. */
  take({ environmentId, audience, instance, sdk }: Sender, receipt: SdkReceipt): boolean {
    if (!this.#load.take(audience)) return false;
    const { app = null, host = null, epoch, revision, kills, leaving } = receipt;
    if (instance !== undefined && !leaving) {
      const word = { id: instance, app, host, sdk, epoch, revision };
      this.#instances.note(environmentId, word);
      this.#sharing.seen(environmentId, word);
    }
    const now = Date.now();
    const confirmed = kills.map(({ id, heldMs }) => ({
      kill: id,
      instance: instance ?? null,
      effectAt: now - heldMs,
    }));
    this.#confirm(confirmed);
    if (confirmed.length > 0) this.#sharing.confirmed(environmentId, confirmed);
    if (instance !== undefined && leaving) {
      this.#leave(environmentId, instance);
      this.#sharing.left(environmentId, instance);
    }
    return true;
  }

  /** Null when nothing of it is kept here. */
  ofKill(kill: string): KillReceipts | null {
    const tally = this.#tallies.get(kill);
    return tally ? presentTally(tally, this.#instances, this.#scope) : null;
  }

  /** As `ofKill`, once all who were there have confirmed, or after `waitMs`. */
  async settled(kill: string, waitMs: number): Promise<KillReceipts | null> {
    const tally = this.#tallies.get(kill);
    if (tally && !tally.complete && this.#waits < WAITING_MAX) {
      this.#waits += 1;
      await this.#completion(tally, waitMs);
      this.#waits -= 1;
    }
    return this.ofKill(kill);
  }

  /** As `settled`, of a kill announced in this turn of the loop: for as long as confirming takes, and `graceMs` more. */
  async awaited(kill: string, environment: EnvironmentState, graceMs: number): Promise<KillReceipts> {
    await setImmediate();
    const receipts = await this.settled(kill, this.#pace(environment).confirmWithinMs + graceMs);
    if (!receipts) throw new Error(`nothing is known of ${kill}`);
    return receipts;
  }

  hasInstances(environmentId: string): boolean {
    return this.#instances.of(environmentId).length > 0;
  }

  instances(environment: EnvironmentState) {
    return {
      ...presentInstances(environment, this.#instances),
      streams: this.#hub.count(environment.id),
      scope: this.#scope,
    };
  }

  /** Told a few times a second of kills whose receipts changed. */
  listen(listener: (progress: Progress) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Watches a stream whose instance says who it is. Returns how to stop. */
  opened({ environmentId, instance }: Sender, connection: Stream): () => void {
    return instance === undefined ? () => {} : this.#silence.opened(environmentId, instance, connection);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#keeping;
    this.#sharing.close();
    this.#silence.close();
    this.#load.close();
  }

  get #scope(): KillReceipts["scope"] {
    return this.#sharing.whole ? "all-nodes" : "this-node";
  }

  /** As this node's streams were told. */
  #pace(environment: EnvironmentState): Pace {
    return paceOf("server", this.#hub.channel(environment, "server").size);
  }

  #hear(announcement: Announcement): void {
    if (announcement.type !== "receipts" || announcement.node === this.#fanout.node) return;
    const { environmentId, seen, left, confirmed } = announcement;
    for (const word of seen) this.#instances.note(environmentId, word);
    this.#confirm(confirmed);
    for (const id of left) this.#leave(environmentId, id);
  }

  #follow(event: EnvironmentEvent): void {
    if (event.type !== "killed") return;
    const { environment, elements } = event;
    const kills = new Map(
      elements.map(({ id, at, flag }) => [id, { at: Date.parse(at), drill: flag === DRILL_FLAG }]),
    );
    // After the frames have left: counting thousands of instances must not hold them up.
    globalThis.setImmediate(() => {
      for (const [kill, told] of kills) this.#expect(kill, told, environment);
    });
  }

  #expect(kill: string, told: { at: number; drill: boolean }, environment: EnvironmentState): void {
    const tally = this.#tallies.open(kill, told);
    if (!tally || tally.places.has(environment)) return;
    tally.places.add(environment);
    tally.sampled ||= this.#pace(environment).confirmShare !== undefined;
    for (const { id, app, host } of this.#instances.there(environment.id))
      tally.expect(id, { place: environment, app, host });
    this.#confirm(this.#tallies.takeEarly(kill));
    this.#moved(kill, tally);
  }

  #confirm(confirmations: Confirmation[]): void {
    for (const confirmation of confirmations) {
      const { kill } = confirmation;
      const tally = this.#tallies.get(kill);
      if (this.#tallies.confirm(confirmation) && tally) this.#moved(kill, tally);
    }
  }

  #leave(environmentId: string, id: string): void {
    this.#instances.leave(environmentId, id);
    for (const [kill, tally] of this.#tallies.all()) if (tally.leave(id)) this.#moved(kill, tally);
  }

  #moved(kill: string, tally: Tally): void {
    this.#changed.add(kill);
    if (!tally.drill) this.#unkept.add(kill);
    if (!tally.complete) return;
    for (const resolve of this.#waiting.get(tally) ?? []) resolve();
  }

  async #completion(tally: Tally, waitMs: number): Promise<void> {
    const waiting = this.#waiting.get(tally) ?? new Set();
    this.#waiting.set(tally, waiting);
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(tally);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      waiting.add(done);
    });
  }

  #tellProgress(): void {
    for (const kill of this.#changed) {
      const [place] = this.#tallies.get(kill)?.places ?? [];
      const receipts = place && this.ofKill(kill);
      if (!receipts) continue;
      const { projectId, projectKey: project } = place;
      for (const listener of this.#listeners) listener({ projectId, project, kill, receipts });
    }
    this.#changed.clear();
  }

  #keepAndForget(): void {
    this.#instances.forgetOld();
    this.#tallies.forgetOld();
    instancesKnown.set(this.#instances.size);
    if (this.#fanout.databaseUp) this.#keeping ??= this.#keep();
  }

  async #keep(): Promise<void> {
    const kills = [...this.#unkept];
    this.#unkept.clear();
    const counted = kills.flatMap((kill) => {
      const receipts = this.ofKill(kill);
      return receipts ? ([[kill, receipts]] as const) : [];
    });
    await keepReceipts(this.#database, new Map(counted)).catch((error: unknown) => {
      this.#log.debug({ err: error }, "receipts could not be kept");
      for (const kill of kills) this.#unkept.add(kill);
    });
    this.#keeping = undefined;
  }
}
