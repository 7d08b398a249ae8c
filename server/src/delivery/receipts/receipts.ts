import { setImmediate } from "node:timers/promises";
import type { KillReceipts, SdkReceipt } from "@lanyard/contract";
import { DRILL_FLAG, type KillElement } from "@lanyard/evaluation";
import type { Logger } from "pino";
import type { Database } from "../../database/database.ts";
import { AppError } from "../../errors.ts";
import type { Announcement, Confirmation, Fanout } from "../../fanout/index.ts";
import type { EnvironmentEvent, EnvironmentState, Environments } from "../environments/index.ts";
import { type Hub, type Pace, paceOf } from "../stream/index.ts";
import { Instances } from "./instances.ts";
import { createKeeper, type Keeper } from "./keep.ts";
import { watchLoad } from "./load.ts";
import { presentInstances, presentTally } from "./present.ts";
import type { Sender } from "./sender.ts";
import { shareReceipts } from "./sharing.ts";
import { showInstances } from "./show-instances.ts";
import { type Stream, watchSilence } from "./silence.ts";
import { Tallies } from "./tallies.ts";
import type { Tally } from "./tally.ts";
import { Waits } from "./waits.ts";

const KEEP_EVERY_MS = 5_000;
const PROGRESS_EVERY_MS = 250;

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
  readonly #keeper: Keeper;
  readonly #waits = new Waits<Tally>();
  readonly #listeners = new Set<(progress: Progress) => void>();

  constructor({ environments, fanout, hub, database, log }: Options) {
    this.#keeper = createKeeper(database, log);
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
    const { app = null, host = null, kills, leaving, ...held } = receipt;
    if (instance !== undefined && !leaving) {
      const word = { id: instance, app, host, sdk, ...held };
      this.#instances.note(environmentId, word);
      this.#sharing.seen(environmentId, word);
    }
    const now = Date.now();
    const confirmed = kills.map(({ id, heldMs, flags }) => ({
      kill: id,
      instance: instance ?? null,
      effectAt: now - heldMs,
      flags,
    }));
    this.#confirm(environmentId, confirmed);
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
    return tally ? presentTally(tally, this.#instances, this.scope) : null;
  }

  /** As `ofKill`, once all who were there have confirmed, or after `waitMs`. */
  async settled(kill: string, waitMs: number): Promise<KillReceipts | null> {
    const tally = this.#tallies.get(kill);
    if (tally && !tally.complete) await this.#waits.for(tally, waitMs);
    return this.ofKill(kill);
  }

  /**
   * As `settled`, of a kill announced in this turn of the loop: for as long as confirming takes, and `graceMs` more. Rejects
   * on a node that is about to end, since what it knows by then blames instances that it did not wait for.
   */
  async awaited(kill: string, environment: EnvironmentState, graceMs: number): Promise<KillReceipts> {
    await setImmediate();
    const receipts = await this.settled(kill, this.#pace(environment).confirmWithinMs + graceMs);
    if (this.#waits.ended) throw new AppError("unavailable", "This node is about to end; another one can.");
    if (!receipts) throw new Error(`nothing is known of ${kill}`);
    return receipts;
  }

  hasInstances(environmentId: string): boolean {
    return this.#instances.there(environmentId).length > 0;
  }

  /** How many instances run which SDK, as they say. */
  connected(environmentId: string) {
    return { sdks: this.#instances.sdks(environmentId), scope: this.scope };
  }

  instances(environment: EnvironmentState) {
    return {
      ...presentInstances(environment, this.#instances),
      streams: this.#hub.count(environment.id),
      scope: this.scope,
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

  /** Everybody who waits is answered with what is known now. */
  drain(): void {
    this.#waits.end();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#keeper.settled();
    this.#sharing.close();
    this.#silence.close();
    this.#load.close();
  }

  /** Whose numbers this node gives. */
  get scope(): KillReceipts["scope"] {
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
    this.#confirm(environmentId, confirmed);
    for (const id of left) this.#leave(environmentId, id);
  }

  #follow(event: EnvironmentEvent): void {
    if (event.type !== "killed" && event.type !== "lifted") return;
    const { environment } = event;
    // After the frames have left: counting thousands of instances must not hold them up.
    globalThis.setImmediate(() => {
      if (event.type === "killed")
        for (const [kill, elements] of byKill(event.elements)) this.#expect(kill, elements, environment);
      else
        for (const [kill, elements] of byKill(event.elements))
          this.#tallies.get(kill)?.release(environment.id, flagsOf(elements));
    });
  }

  #expect(kill: string, elements: KillElement[], environment: EnvironmentState): void {
    const at = Math.max(...elements.map((element) => Date.parse(element.at)));
    const drill = elements.some(({ flag }) => flag === DRILL_FLAG);
    const tally = this.#tallies.open(kill, { at, drill });
    if (!tally) return;
    tally.sampled ||= this.#pace(environment).confirmShare !== undefined;
    // Nobody holds a drill's flag down.
    const asked = { at, flags: drill ? [] : flagsOf(elements) };
    tally.ask(environment, asked, this.#instances.there(environment.id));
    this.#confirm(environment.id, this.#tallies.takeEarly(kill, environment.id));
    this.#moved(kill, tally);
  }

  #confirm(environmentId: string, confirmations: Confirmation[]): void {
    for (const confirmation of confirmations) {
      const { kill } = confirmation;
      const tally = this.#tallies.get(kill);
      if (this.#tallies.confirm(environmentId, confirmation) && tally) this.#moved(kill, tally);
    }
  }

  #leave(environmentId: string, id: string): void {
    this.#instances.leave(environmentId, id);
    for (const [kill, tally] of this.#tallies.all()) if (tally.leave(id)) this.#moved(kill, tally);
  }

  #moved(kill: string, tally: Tally): void {
    this.#changed.add(kill);
    if (!tally.drill) this.#keeper.changed(kill);
    if (tally.complete) this.#waits.complete(tally);
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
    showInstances(this.#instances);
    if (this.#fanout.databaseUp) this.#keeper.keep((kill) => this.ofKill(kill));
  }
}

function byKill<Element extends { id: string }>(elements: Element[]): Map<string, Element[]> {
  const kills = new Map<string, Element[]>();
  for (const element of elements) {
    const own = kills.get(element.id);
    if (own) own.push(element);
    else kills.set(element.id, [element]);
  }
  return kills;
}

function flagsOf(elements: { flag: string }[]): string[] {
  return elements.map(({ flag }) => flag);
}
