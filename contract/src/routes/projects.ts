import { z } from "zod";
import { route } from "../route.ts";
import { warnings } from "../warning.ts";
import { Email, Id, Key, Name, Role, Timestamp } from "../words.ts";

export const EnvironmentColor = z.enum(["green", "blue", "orange", "red", "grape", "teal", "gray"]);

export const Environment = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    color: EnvironmentColor,
    /** Asks for the flag's name and a reason before anything changes. */
    protected: z.boolean(),
    epoch: z.number().int(),
    revision: z.number().int(),
  })
  .meta({ id: "Environment" });
export type Environment = z.infer<typeof Environment>;

export const Project = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    environments: z.array(Environment),
    role: Role,
  })
  .meta({ id: "Project" });
export type Project = z.infer<typeof Project>;

export const Member = z
  .object({ accountId: z.string(), email: z.string(), name: z.string(), role: Role })
  .meta({ id: "Member" });
export type Member = z.infer<typeof Member>;

export const AttributeType = z.enum(["string", "number", "boolean", "version", "date", "list"]);
export const Attribute = z
  .object({
    name: z.string(),
    type: AttributeType,
    /** Only a public attribute may be tested in a browser; private is the default. */
    visibility: z.enum(["private", "public"]),
    description: z.string(),
  })
  .meta({ id: "Attribute" });
export type Attribute = z.infer<typeof Attribute>;

export const SavedAttribute = Attribute.extend({ warnings }).meta({ id: "SavedAttribute" });
export type SavedAttribute = z.infer<typeof SavedAttribute>;

const ProjectPath = z.object({ project: Key });

export const projectRoutes = {
  "GET /api/v1/projects": route({
    summary: "Projects the caller is a member of",
    access: "signed-in",
    response: z.object({ items: z.array(Project) }),
  }),
  "POST /api/v1/projects": route({
    summary: "Make a project with environments `development` and `production`; the maker owns it",
    access: "instance-admin",
    status: 201,
    body: z.strictObject({ key: Key, name: Name }),
    response: Project,
  }),
  "GET /api/v1/projects/{project}": route({
    summary: "A project and its environments",
    access: "project:read",
    params: ProjectPath,
    response: Project,
  }),
  "POST /api/v1/projects/{project}/environments": route({
    summary: "Make an environment; every flag starts in it turned off",
    access: "environment:manage",
    status: 201,
    params: ProjectPath,
    body: z.strictObject({
      key: Key,
      name: Name,
      color: EnvironmentColor,
      protected: z.boolean().default(false),
    }),
    response: Environment,
  }),
  "PATCH /api/v1/projects/{project}/environments/{environment}": route({
    summary: "Rename, recolour, protect or unprotect an environment",
    access: "environment:manage",
    params: z.object({ project: Key, environment: Key }),
    body: z.strictObject({ name: Name, color: EnvironmentColor, protected: z.boolean() }).partial(),
    response: Environment,
  }),
  "GET /api/v1/projects/{project}/members": route({
    summary: "Members and open invitations",
    access: "project:read",
    params: ProjectPath,
    response: z.object({
      items: z.array(Member),
      invitations: z.array(z.object({ id: z.string(), email: z.string(), role: Role, expiresAt: Timestamp })),
    }),
  }),
  "POST /api/v1/projects/{project}/invitations": route({
    summary: "Invite by email; the answer carries the one-time link, valid for 24 hours, shown once",
    access: "member:manage",
    status: 201,
    params: ProjectPath,
    body: z.strictObject({ email: Email, role: Role }),
    response: z.object({ id: z.string(), link: z.string(), expiresAt: Timestamp }),
  }),
  "DELETE /api/v1/projects/{project}/invitations/{invitation}": route({
    summary: "Take an open invitation back; its link stops working",
    access: "member:manage",
    status: 204,
    params: z.object({ project: Key, invitation: Id }),
  }),
  "PATCH /api/v1/projects/{project}/members/{account}": route({
    summary: "Change a member's role; a project keeps at least one owner",
    access: "member:manage",
    params: z.object({ project: Key, account: Id }),
    body: z.strictObject({ role: Role }),
    response: Member,
  }),
  "DELETE /api/v1/projects/{project}/members/{account}": route({
    summary: "Remove a member; a project keeps at least one owner",
    access: "member:manage",
    status: 204,
    params: z.object({ project: Key, account: Id }),
  }),
  "GET /api/v1/projects/{project}/attributes": route({
    summary: "The attribute registry",
    access: "project:read",
    params: ProjectPath,
    response: z.object({ items: z.array(Attribute) }),
  }),
  "PUT /api/v1/projects/{project}/attributes/{name}": route({
    summary: "Register an attribute or change its entry",
    access: "attribute:edit",
    params: z.object({ project: Key, name: z.string().min(1).max(200) }),
    body: z.strictObject({
      type: AttributeType,
      visibility: z.enum(["private", "public"]).default("private"),
      description: z.string().max(1000).default(""),
    }),
    response: SavedAttribute,
  }),
  "DELETE /api/v1/projects/{project}/attributes/{name}": route({
    summary: "Forget an attribute, which makes it private",
    access: "attribute:edit",
    status: 204,
    params: z.object({ project: Key, name: z.string().min(1).max(200) }),
  }),
};
