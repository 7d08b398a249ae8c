import type { FlagDetail, RouteInput } from "@lanyard/contract";
import type { FlagType } from "@lanyard/evaluation";
import type { Saved } from "../../lib/form-base.ts";
import { sameJson } from "../../lib/targeting.ts";
import { parsedVariations, type VariationText, valueText } from "./new-flag.ts";

export type FlagEdit = NonNullable<RouteInput<"PATCH /api/v1/projects/{project}/flags/{flag}">["body"]>;

/** What is edited of a flag beside its targeting. */
export type FlagFields = Pick<
  FlagDetail,
  "name" | "description" | "purpose" | "tags" | "owner" | "off" | "audience"
> & { variations: VariationText[] };

export const savedFields = (flag: FlagDetail): Saved<FlagFields> => ({
  fields: {
    name: flag.name,
    description: flag.description,
    purpose: flag.purpose,
    tags: flag.tags,
    owner: flag.owner,
    off: flag.off,
    audience: flag.audience,
    variations: flag.variations.map((one) => ({ id: one.id, text: valueText(one.value) })),
  },
  version: flag.version,
});

/** As the server is told, and the history tells. */
export const definitionOf = (type: FlagType, { variations, ...rest }: FlagFields) => ({
  ...rest,
  variations: parsedVariations(type, variations),
});

/** Only what differs: a definition that is not touched needs no permission for every environment. */
export function flagEdit(type: FlagType, base: FlagFields, now: FlagFields): FlagEdit {
  const [was, is] = [definitionOf(type, base), definitionOf(type, now)];
  return Object.fromEntries(
    Object.entries(is).filter(([name, value]) => !sameJson(value, was[name as keyof typeof was])),
  );
}
