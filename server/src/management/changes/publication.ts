import type { Flag, Segment } from "@lanyard/evaluation";
import type { environments } from "../../database/schema/index.ts";
import type { PublicAttribute } from "../../fanout/index.ts";

/** What content of a key becomes live in an environment; null takes it out. */
export type Publication = { environmentId: string; key: string } & (
  | { kind: "flag"; content: Flag | null }
  | { kind: "segment"; content: Segment | null }
  /** That a page may claim the attribute; what is not published so is private. */
  | { kind: "attribute"; content: PublicAttribute | null }
);

export type EnvironmentRow = typeof environments.$inferSelect;

/** One environment that a change published to. */
export interface Published {
  environment: EnvironmentRow;
  from: number;
  to: number;
  publications: Publication[];
}
