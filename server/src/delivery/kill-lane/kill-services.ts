import type { KillReceipts } from "@lanyard/contract";
import type { Guard } from "../../access/index.ts";
import type { Fanout } from "../../fanout/index.ts";
import type { Environments, FlagIndex } from "../environments/index.ts";
import type { KillLane } from "./lane.ts";
import type { Peers } from "./peers.ts";

/** What accepting a kill works with: all of it in memory. */
export interface KillServices {
  environments: Environments;
  flagIndex: FlagIndex;
  fanout: Fanout;
  lane: KillLane;
  peers: Peers;
  guard: Guard;
  /** Open SDK streams of an environment on this node. */
  connected(environmentId: string): number;
  /** Who has confirmed it, once all have, or after so long; null when nothing of it is kept. */
  confirmed(killId: string, waitMs: number): Promise<KillReceipts | null>;
  /** Throws when a token kills over and over what is killed already. */
  limitToken(tokenId: string): Promise<void>;
}
