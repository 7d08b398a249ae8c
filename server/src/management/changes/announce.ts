import type { Flag, Segment } from "@lanyard/evaluation";
import type { Fanout, PublicAttribute } from "../../fanout/index.ts";
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
    const attributes: Record<string, PublicAttribute | null> = {};
    for (const { kind, key, content } of publications) {
      if (kind === "flag") flags[key] = content;
      else if (kind === "segment") segments[key] = content;
      else attributes[key] = content;
    }
    fanout.announce({
      type: "published",
      environmentId: environment.id,
      epoch: environment.epoch,
      from,
      to,
      content: { flags, segments, attributes },
    });
  }
  if (done.changesAccess) fanout.announce({ type: "access", projectId });
  fanout.announce({ type: "recorded", projectId, sequence: done.sequence });
}
