import type { Flag, Segment } from "@lanyard/evaluation";
import type { Fanout } from "../../fanout/index.ts";
import type { Published } from "./publication.ts";

/** Tells this node and the others what is live now. Nothing depends on it being heard. */
export function announcePublished(
  fanout: Fanout,
  projectId: string,
  done: { published: Published[]; sequence: number; changesAccess: boolean },
): void {
  for (const { environment, from, to, publications } of done.published) {
    const flags: Record<string, Flag | null> = {};
    const segments: Record<string, Segment | null> = {};
    for (const publication of publications) {
      if (publication.kind === "flag") flags[publication.key] = publication.content;
      else segments[publication.key] = publication.content;
    }
    fanout.announce({
      type: "published",
      environmentId: environment.id,
      epoch: environment.epoch,
      from,
      to,
      content: { flags, segments },
    });
  }
  if (done.changesAccess) fanout.announce({ type: "access", projectId });
  fanout.announce({ type: "recorded", projectId, sequence: done.sequence });
}
