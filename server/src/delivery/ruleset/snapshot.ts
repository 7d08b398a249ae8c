import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { type Context, createEvaluator, type Evaluator, type Ruleset } from "@lanyard/evaluation";
import { extensions } from "../../extensions.ts";
import type { EnvironmentState } from "../environments/index.ts";
import { type AudienceClass, digestOf } from "./audience-class.ts";
import { Residuals, type Widened } from "./residuals.ts";
import { ServerDigest } from "./server-digest.ts";
import { type Audience, clientView, type Definitions, serverView, type View } from "./view.ts";

export type Encoding = "identity" | "gzip" | "br";

/** What readers of one kind get at one revision and one state of kills: serialised and compressed once, for all of them. */
export interface Snapshot {
  readonly view: View;
  readonly json: string;
  /** Without encoding; the same on all nodes for the same content of one environment. */
  readonly tag: string;
  body(encoding: Encoding): Promise<Buffer>;
  /** As the wire protocol defines it. */
  digest(): string;
  /** Decides what an SDK decides that holds this snapshot. */
  evaluator(): Evaluator;
}

export interface Snapshots {
  /** What a key sees; a client key on behalf of a user about whom `verified` is signed. */
  of(state: EnvironmentState, audience: Audience, verified?: Context): Snapshot;
  /** What an audience class sees. */
  ofClass(state: EnvironmentState, seen: AudienceClass): Snapshot;
  /** The environment's audience classes, as they are now. */
  residuals(state: EnvironmentState): Residuals;
}

/** Bodies kept for classes of one environment; any other is made again when it is asked for. */
const CLASSES_KEPT = 64;

interface Cached {
  epoch: number;
  revision: number;
  killsVersion: number;
  snapshot: Snapshot;
}

type Cache = Map<string, Cached>;

const NOTHING_VERIFIED: Context = {};

/** `widened` hears of flags that tell too many users apart. */
export function createSnapshots(
  widened: (environment: EnvironmentState, widened: Widened) => void,
  options: { liveClassesMax?: number } = {},
): Snapshots {
  const caches = new WeakMap<EnvironmentState, Cache>();
  const known = new WeakMap<EnvironmentState, Residuals>();
  const serverDigests = new WeakMap<EnvironmentState, ServerDigest>();
  const residuals = (state: EnvironmentState) => {
    const found = known.get(state) ?? new Residuals((told) => widened(state, told), options.liveClassesMax);
    known.set(state, found);
    found.follow(state);
    return found;
  };
  const cached = (state: EnvironmentState, name: string, make: () => Snapshot) => {
    const cache = caches.get(state) ?? new Map<string, Cached>();
    caches.set(state, cache);
    const held = cache.get(name);
    const { epoch, revision, kills } = state;
    const isFresh =
      held?.epoch === epoch && held.revision === revision && held.killsVersion === kills.version;
    const made = isFresh ? held.snapshot : make();
    // A kill that this reader does not see changes nothing for it.
    const snapshot = held?.snapshot.tag === made.tag ? held.snapshot : made;
    // Last in, last out.
    cache.delete(name);
    cache.set(name, { epoch, revision, killsVersion: kills.version, snapshot });
    const [oldest] = cache.keys();
    if (cache.size > CLASSES_KEPT && oldest !== undefined) cache.delete(oldest);
    return snapshot;
  };
  const ofClass = (state: EnvironmentState, seen: AudienceClass) =>
    cached(state, seen.key, () => {
      const view = clientView(state, seen);
      return makeSnapshot(state, view, `client-${seen.key}`, () => digestOf(seen));
    });
  const ofServer = (state: EnvironmentState) =>
    cached(state, "server", () => {
      const digest = serverDigests.get(state) ?? new ServerDigest();
      serverDigests.set(state, digest);
      return makeSnapshot(state, serverView(state), "server", () => digest.of(state));
    });
  return {
    of: (state, audience, verified = NOTHING_VERIFIED) =>
      audience === "server" ? ofServer(state) : ofClass(state, residuals(state).classOf(verified)),
    ofClass,
    residuals,
  };
}

function makeSnapshot(state: EnvironmentState, view: View, reader: string, digest: () => string): Snapshot {
  const kills = JSON.stringify(view.kills);
  const killsTag = createHash("sha256").update(kills).digest("base64url").slice(0, 10);
  const { id, epoch, revision } = state;
  const bodies = new Map<Encoding, Promise<Buffer>>();
  let json: string | undefined;
  let evaluator: Evaluator | undefined;
  const text = () => {
    json ??=
      `{"format":1,"environmentId":${JSON.stringify(id)},"epoch":${epoch},"revision":${revision},` +
      `"flags":${members(view.flags)},"segments":${members(view.segments)},"kills":${kills}}`;
    return json;
  };
  return {
    view,
    tag: `${id}-${epoch}-${revision}-${killsTag}-${reader}`,
    get json() {
      return text();
    },
    body(encoding) {
      const made = bodies.get(encoding) ?? encode(text(), encoding);
      bodies.set(encoding, made);
      return made;
    },
    digest,
    evaluator() {
      evaluator ??= createEvaluator(rulesetOf(state, view), extensions);
      return evaluator;
    },
  };
}

export function members(entries: Iterable<[string, { json: string }]>): string {
  return `{${[...entries].map(([key, { json }]) => `${JSON.stringify(key)}:${json}`).join(",")}}`;
}

const COMPRESSORS: Record<Encoding, (bytes: Buffer) => Promise<Buffer>> = {
  identity: (bytes) => Promise.resolve(bytes),
  gzip: promisify<Buffer, Buffer>(gzip),
  br: (bytes) => brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
};
const brotli = promisify<Buffer, { params: Record<number, number> }, Buffer>(brotliCompress);

function encode(text: string, encoding: Encoding): Promise<Buffer> {
  return COMPRESSORS[encoding](Buffer.from(text));
}

/** What the view holds, as the evaluator takes it. */
export function rulesetOf({ id, epoch, revision }: EnvironmentState, view: View): Ruleset {
  const contents = <Content>(entries: Definitions<Content>) =>
    Object.fromEntries(
      [...entries].flatMap(([key, { content }]) => (content === null ? [] : [[key, content]])),
    ) as Record<string, Content>;
  return {
    format: 1,
    environmentId: id,
    epoch,
    revision,
    flags: contents(view.flags),
    segments: contents(view.segments),
    kills: view.kills,
  };
}
