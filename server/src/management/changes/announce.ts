import type { Flag, Segment } from "@lanyard/evaluation";
import type { EndedAccess, Fanout, PublicAttribute } from "../../fanout/index.ts";
import type { Published } from "./publication.ts";

interface Done {
  published: Published[];
  sequence: number;
  /** The project's access counter, where keys, members or roles changed. */
  access: number | undefined;
  ended: EndedAccess | undefined;
}

/** Tells this node and the others what is live now. Nothing depends on it being heard. */
export function announcePublished(fanout: Fanout, projectId: string, done: Done): void {
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
  const { access, ended } = done;
  if (access !== undefined)
    fanout.announce({ type: "access", projectId, access, ...(ended !== undefined && { ended }) });
  fanout.announce({ type: "recorded", projectId, sequence: done.sequence });
}
