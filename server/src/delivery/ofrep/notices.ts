import type { ServerResponse } from "node:http";
import { Gauge } from "prom-client";
import type { KeyIndex } from "../../access/index.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
import type { Audience, Snapshots } from "../ruleset/index.ts";

const BEAT_MS = 15_000;
const PING = ": ping\n\n";
/** What a reader may leave unread; a notice is a hundred bytes, and one says as much as ten. */
const UNREAD_BYTES = 16 * 1024;
/** A stream that lives for ever never meets a newly started node. */
const MAX_AGE_MS = 60 * 60_000;
const AUDIENCES = ["server", "client"] as const;

const openNotices = new Gauge({
  name: "lanyard_ofrep_streams",
  help: "OFREP streams that are open on this node.",
});

/** The streams that tell OFREP clients when to evaluate again. They carry no flag and no answer. */
export interface Notices {
  /** Takes over the answer, whose head has been written. */
  open(state: EnvironmentState, audience: Audience, keyId: string, res: ServerResponse): void;
  /** Sends everybody elsewhere: clients come back by themselves. */
  drain(): void;
  close(): void;
}

interface Channel {
  /** What its streams were last told of. */
  tag: string;
  streams: Map<ServerResponse, { keyId: string; endsAt: number }>;
}

interface Options {
  environments: Environments;
  snapshots: Snapshots;
  keys: KeyIndex;
}

export function createNotices({ environments, snapshots, keys }: Options): Notices {
  const channels = new Map<string, Channel>();

  environments.listen(({ environment }) => {
    for (const audience of AUDIENCES) {
      const channel = channels.get(`${environment.id} ${audience}`);
      if (!channel) continue;
      const { tag } = snapshots.of(environment, audience);
      // A kill of a flag that this audience does not see is no news to it.
      if (tag === channel.tag) continue;
      channel.tag = tag;
      for (const res of channel.streams.keys()) write(res, noticeOf(tag));
    }
  });

  function each(visit: (res: ServerResponse, keyId: string, endsAt: number) => void) {
    for (const { streams } of channels.values())
      for (const [res, { keyId, endsAt }] of streams) visit(res, keyId, endsAt);
  }

  const cutRevoked = () => each((res, keyId) => keys.isLive(keyId) || res.destroy());
  keys.onReload(cutRevoked);
  const beating = setInterval(() => {
    cutRevoked();
    each((res, _keyId, endsAt) => {
      if (performance.now() > endsAt) res.end();
      else write(res, PING);
    });
  }, BEAT_MS);

  return {
    open(state, audience, keyId, res) {
      const name = `${state.id} ${audience}`;
      const { tag } = snapshots.of(state, audience);
      const channel = channels.get(name) ?? { tag, streams: new Map() };
      channels.set(name, channel);
      channel.tag = tag;
      channel.streams.set(res, { keyId, endsAt: performance.now() + MAX_AGE_MS * (1 + Math.random()) });
      openNotices.inc();
      res.on("close", () => {
        channel.streams.delete(res);
        if (channel.streams.size === 0) channels.delete(name);
        openNotices.dec();
      });
      // Whatever was missed while the stream was away: the client asks, and a 304 costs little.
      write(res, noticeOf(tag));
    },
    drain: () => each((res) => res.end()),
    close() {
      clearInterval(beating);
      each((res) => res.destroy());
    },
  };
}

function noticeOf(tag: string): string {
  const data = JSON.stringify({ type: "refetchEvaluation", etag: tag });
  return `event: message\nid: ${tag}\ndata: ${data}\n\n`;
}

/** Whoever does not read is cut, and told on coming back. */
function write(res: ServerResponse, text: string): void {
  if (res.writableLength > UNREAD_BYTES) res.destroy();
  else res.write(text);
}
