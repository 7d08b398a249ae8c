import { z } from "zod";

/** Keys are immutable and appear in code and URLs: lower-case letters, digits, `.`, `_` and `-`. */
export const Key = z
  .string()
  .min(1)
  .max(100)
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/,
    "use lower-case letters, digits, '.', '_' and '-', starting and ending with a letter or digit",
  )
  .meta({ example: "new-checkout" });

export const Name = z.string().trim().min(1).max(200);
export const Description = z.string().max(5000);
export const Message = z.string().trim().max(1000);
export const Email = z
  .email()
  .max(320)
  .transform((email) => email.toLowerCase());
export const Password = z.string().min(12, "use at least 12 characters; a sentence is good").max(200);
export const Tag = z.string().trim().min(1).max(50);
export const Timestamp = z.iso.datetime();
export const Id = z.string().min(1).max(64);

export const Role = z.enum(["viewer", "editor", "maintainer", "owner"]);
export type Role = z.infer<typeof Role>;

/** A keyset page: `cursor` of one answer is the `cursor` query of the next; null at the end. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), cursor: z.string().nullable() });

/** Query parameters of every list. */
export const PageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Who did something, as shown to people. */
export const ActorSummary = z.object({
  kind: z.enum(["user", "token", "kill-token", "system"]),
  id: z.string(),
  name: z.string(),
});
export type ActorSummary = z.infer<typeof ActorSummary>;
