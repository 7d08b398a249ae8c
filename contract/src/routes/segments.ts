import { z } from "zod";
import { route } from "../route.ts";
import { SegmentContent } from "../ruleset.ts";
import { warnings } from "../warning.ts";
import { Description, Key, Message, Name, Timestamp } from "../words.ts";

export const Segment = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    description: z.string(),
    content: SegmentContent,
    /** Of its content. */
    revision: z.number().int(),
    /** Grows with every edit; the `If-Match` of the next save. */
    version: z.number().int(),
    /** Where it is used, so that nobody edits blind. */
    usedBy: z.array(
      z.object({ kind: z.enum(["flag", "segment"]), key: z.string(), environments: z.array(z.string()) }),
    ),
    updatedAt: Timestamp,
  })
  .meta({ id: "ManagedSegment" });
export type Segment = z.infer<typeof Segment>;

export const SavedSegment = Segment.extend({ warnings }).meta({ id: "SavedSegment" });
export type SavedSegment = z.infer<typeof SavedSegment>;

const SegmentPath = z.object({ project: Key, segment: Key });

export const segmentRoutes = {
  "GET /api/v1/projects/{project}/segments": route({
    summary: "Segments, with where each is used",
    access: "project:read",
    params: z.object({ project: Key }),
    response: z.object({ items: z.array(Segment) }),
  }),
  "POST /api/v1/projects/{project}/segments": route({
    summary: "Make a segment",
    access: "segment:edit",
    status: 201,
    params: z.object({ project: Key }),
    body: z.strictObject({
      key: Key,
      name: Name,
      description: Description.default(""),
      content: SegmentContent,
      message: Message.optional(),
    }),
    response: Segment,
  }),
  "GET /api/v1/projects/{project}/segments/{segment}": route({
    summary: "A segment",
    access: "project:read",
    params: SegmentPath,
    response: Segment,
  }),
  "PATCH /api/v1/projects/{project}/segments/{segment}": route({
    summary: "Save a segment; it counts in every environment; `If-Match` is its version",
    access: "segment:edit",
    params: SegmentPath,
    body: z
      .strictObject({ name: Name, description: Description, content: SegmentContent, message: Message })
      .partial(),
    response: SavedSegment,
  }),
  "DELETE /api/v1/projects/{project}/segments/{segment}": route({
    summary: "Delete a segment that nothing uses",
    access: "segment:edit",
    status: 204,
    params: SegmentPath,
  }),
};
