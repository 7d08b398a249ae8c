import type { ManagedSegment } from "@lanyard/contract";
import type { Saved } from "../../lib/form-base.ts";
import type { SegmentEdit } from "./queries.ts";

type Content = ManagedSegment["content"];

/** What is edited of a segment, each by itself. */
export type SegmentFields = Pick<ManagedSegment, "name" | "description"> &
  Omit<Content, "when"> & { when: NonNullable<Content["when"]> | null };

export const savedFields = ({
  name,
  description,
  content: { when, ...content },
  version,
}: ManagedSegment): Saved<SegmentFields> => ({
  fields: { name, description, ...content, when: when ?? null },
  version,
});

export const segmentEdit = ({ name, description, when, ...content }: SegmentFields): SegmentEdit => ({
  name,
  description,
  content: when ? { ...content, when } : content,
});
