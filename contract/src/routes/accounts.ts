import { z } from "zod";
import { route } from "../route.ts";
import { Email, Key, Name, Password, Role, Timestamp } from "../words.ts";

export const Account = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    instanceAdmin: z.boolean(),
    /** What the signed-in person may do where. */
    memberships: z.array(z.object({ project: z.string(), projectName: z.string(), role: Role })),
  })
  .meta({ id: "Account" });
export type Account = z.infer<typeof Account>;

const Token = z.string().min(20).max(200);

export const accountRoutes = {
  "GET /api/v1/setup": route({
    summary: "Whether the instance still awaits its first account",
    access: "public",
    response: z.object({ needed: z.boolean() }),
  }),
  "POST /api/v1/setup": route({
    summary: "Make the first account and project, with the one-time token from the setup link",
    access: "public",
    status: 201,
    body: z.strictObject({
      token: Token,
      email: Email,
      name: Name,
      password: Password,
      project: z.strictObject({ key: Key, name: Name }),
    }),
    response: Account,
  }),
  "POST /api/v1/session": route({
    summary: "Sign in",
    access: "public",
    status: 201,
    body: z.strictObject({ email: Email, password: z.string().min(1).max(200) }),
    response: Account,
  }),
  "GET /api/v1/session": route({
    summary: "Who is signed in",
    access: "signed-in",
    response: Account,
  }),
  "DELETE /api/v1/session": route({ summary: "Sign out", access: "signed-in", status: 204 }),
  "GET /api/v1/invitations/{token}": route({
    summary: "What an invitation link offers",
    access: "public",
    params: z.object({ token: Token }),
    response: z.object({
      email: z.string(),
      project: z.string(),
      projectName: z.string(),
      role: Role,
      /** True when the address has an account already: sign in, then accept. */
      hasAccount: z.boolean(),
      expiresAt: Timestamp,
    }),
  }),
  "POST /api/v1/invitations/{token}/accept": route({
    summary: "Accept an invitation; makes the account where there is none",
    access: "public",
    status: 201,
    params: z.object({ token: Token }),
    body: z.strictObject({ name: Name, password: Password }),
    response: Account,
  }),
};
