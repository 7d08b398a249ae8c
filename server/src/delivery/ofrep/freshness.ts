import type { Fanout } from "../../fanout/index.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
import { within } from "../kill-lane/index.ts";

const LOOK_MS = 1_000;

/** What a notice told a client, which it says when it evaluates again. */
export interface Told {
  flagConfigEtag?: string | undefined;
  /** Unix seconds, or RFC 3339. */
  flagConfigLastModified?: string | undefined;
}

type Served = Pick<EnvironmentState, "epoch" | "revision" | "revisedAt">;

/** Whether this node serves at least what the client was told of; `tag` names what it serves. */
export function serves(state: Served, tag: string, told: Told): boolean {
  const { flagConfigEtag: etag, flagConfigLastModified: modified } = told;
  if (etag !== undefined) return etag === tag || isOlder(etag, state);
  if (modified === undefined) return true;
  const modifiedAt = Number(modified) * 1_000 || Date.parse(modified);
  return !(modifiedAt > performance.timeOrigin + state.revisedAt);
}

/** Tags begin with epoch and revision; of the same revision it may be a kill that this node has not heard of. */
function isOlder(etag: string, { epoch, revision }: Served): boolean {
  const [theirEpoch = Number.NaN, theirRevision = Number.NaN] = etag.split("-").map(Number);
  return theirEpoch < epoch || (theirEpoch === epoch && theirRevision < revision);
}

/** Reads what this node has missed. Those who ask meanwhile share a reading; without a database memory has to do. */
export async function catchUp(
  { fanout, environments }: { fanout: Fanout; environments: Environments },
  environmentId: string,
): Promise<void> {
  const look = async () => {
    await fanout.look();
    await environments.settled(environmentId);
  };
  await within(LOOK_MS, look()).catch(() => {});
}
