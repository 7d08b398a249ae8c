import { z } from "zod";

/** The closed list of what may be said of a change that was saved. */
export const WARNING_CODES = ["operator-opt-in", "instances-too-old"] as const;

/** A change was saved, and somebody who decides by it may not understand it: they serve the off variation. */
export const Warning = z
  .object({
    /** `operator-opt-in`: pages have to register the operator. `instances-too-old`: connected SDKs came before the construct. */
    code: z.enum(WARNING_CODES),
    /** What it means, and how many and which, in words. */
    detail: z.string(),
    /** JSON pointer (RFC 6901) into the answer that carries it. */
    path: z.string(),
  })
  .meta({ id: "Warning" });
export type Warning = z.infer<typeof Warning>;

/** Of what was saved and published just now; empty where nothing was. */
export const warnings = z.array(Warning);
