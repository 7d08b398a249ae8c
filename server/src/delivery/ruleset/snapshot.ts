import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { createEvaluator, type Ruleset } from "@lanyard/evaluation";
import type { EnvironmentState } from "../environments/index.ts";
import { type Audience, type View, viewOf } from "./view.ts";

export type Encoding = "identity" | "gzip" | "br";

/** One audience's ruleset at one revision and one state of kills: serialised and compressed once, for everybody. */
export interface Snapshot {
  readonly view: View;
  readonly json: string;
  /** Without encoding; the same on all nodes for the same content. */
  readonly tag: string;
  body(encoding: Encoding): Promise<Buffer>;
  /** As the wire protocol defines it. */
  digest(): string;
}

interface Cached {
  epoch: number;
  revision: number;
  killsVersion: number;
  snapshot: Snapshot;
}

export interface Snapshots {
  of(state: EnvironmentState, audience: Audience): Snapshot;
}

export function createSnapshots(): Snapshots {
  const caches = { server: new WeakMap<object, Cached>(), client: new WeakMap<object, Cached>() };
  return {
    of(state, audience) {
      const cache = caches[audience];
      const cached = cache.get(state);
      const { epoch, revision, kills } = state;
      if (cached?.epoch === epoch && cached.revision === revision && cached.killsVersion === kills.version)
        return cached.snapshot;
      const made = makeSnapshot(state, audience);
      // A kill that this audience does not see changes nothing for it.
      const snapshot = cached?.snapshot.tag === made.tag ? cached.snapshot : made;
      cache.set(state, { epoch, revision, killsVersion: kills.version, snapshot });
      return snapshot;
    },
  };
}

function makeSnapshot(state: EnvironmentState, audience: Audience): Snapshot {
  const view = viewOf(state, audience);
  const kills = JSON.stringify(view.kills);
  const killsTag = createHash("sha256").update(kills).digest("base64url").slice(0, 10);
  const { id, epoch, revision } = state;
  const tag = `${epoch}-${revision}-${killsTag}-${audience}`;
  const bodies = new Map<Encoding, Promise<Buffer>>();
  let json: string | undefined;
  let digest: string | undefined;
  const text = () => {
    json ??=
      `{"format":1,"environmentId":${JSON.stringify(id)},"epoch":${epoch},"revision":${revision},` +
      `"flags":${members(view.flags)},"segments":${members(view.segments)},"kills":${kills}}`;
    return json;
  };
  return {
    view,
    tag,
    get json() {
      return text();
    },
    body(encoding) {
      const made = bodies.get(encoding) ?? encode(text(), encoding);
      bodies.set(encoding, made);
      return made;
    },
    digest() {
      digest ??= createEvaluator(rulesetOf(state, view)).digest();
      return digest;
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

/** What the view holds, as the evaluator takes it; the kills stay apart. */
export function rulesetOf({ id, epoch, revision }: EnvironmentState, view: View): Ruleset {
  const contents = <Content>(entries: Map<string, { content: Content | null }>) =>
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
    kills: [],
  };
}
