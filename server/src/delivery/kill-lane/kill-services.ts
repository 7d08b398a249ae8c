import type { KillReceipts } from "@lanyard/contract";
import type { Guard } from "../../access/index.ts";
import type { Fanout, HeldKill } from "../../fanout/index.ts";
import type { EnvironmentState, Environments, ProjectIndex } from "../environments/index.ts";
import type { KillLane } from "./lane.ts";
import type { Peers } from "./peers.ts";

/** What accepting a kill works with: all of it in memory. */
export interface KillServices {
  environments: Environments;
  projectIndex: ProjectIndex;
  fanout: Fanout;
  lane: KillLane;
  peers: Peers;
  guard: Guard;
  /** Open SDK streams of an environment, on this node now and on the others as each last said. */
  connected(environmentId: string): number;
  /** Kills that are on no record, and by how many streams each is held. */
  unrecorded(environment: EnvironmentState): HeldKill[];
  /** Whether what the other nodes said of their SDKs is known. */
  scope(): KillReceipts["scope"];
  /** Who has confirmed it until now; null when nothing of it is kept. */
  receiptsOf(killId: string): KillReceipts | null;
  /** Who has confirmed it, once all have, or after so long; null when nothing of it is kept. */
  confirmed(killId: string, waitMs: number): Promise<KillReceipts | null>;
  /** Throws when a token kills over and over what is killed already. */
  limitToken(tokenId: string): Promise<void>;
}
