import type { Flag, Segment } from "@lanyard/evaluation";
import type { environments } from "../../database/schema/index.ts";

/** What content of a key becomes live in an environment; null takes it out. */
export type Publication = { environmentId: string; key: string } & (
  | { kind: "flag"; content: Flag | null }
  | { kind: "segment"; content: Segment | null }
);

export type EnvironmentRow = typeof environments.$inferSelect;

/** One environment that a change published to. */
export interface Published {
  environment: EnvironmentRow;
  from: number;
  to: number;
  publications: Publication[];
}
