import type { ManagedSegment } from "@lanyard/contract";
import type { Saved } from "../../lib/form-base.ts";
import type { SegmentEdit } from "./queries.ts";

/** What is edited of a segment, each by itself. */
export type SegmentFields = Pick<ManagedSegment, "name" | "description"> & ManagedSegment["content"];

export const savedFields = ({
  name,
  description,
  content,
  version,
}: ManagedSegment): Saved<SegmentFields> => ({
  fields: { name, description, ...content },
  version,
});

export const segmentEdit = ({ name, description, ...content }: SegmentFields): SegmentEdit => ({
  name,
  description,
  content,
});
