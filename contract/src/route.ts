import type { z } from "zod";

/**
 * Who may call a route. A permission is checked against the caller's role in the project that the path names;
 * `signed-in` asks for an account only; `sdk` for an SDK key; `kill-lane` for a person or token that may kill, told from
 * memory where the database is away; `kill-record` for the same as the database has them.
 */
export type Access =
  | "public"
  | "signed-in"
  | "instance-admin"
  | "sdk"
  | "kill-lane"
  | "kill-record"
  | Permission;

/** What a role can allow; the table from role to permissions is the server's `access/permissions.ts`. */
export type Permission =
  | "project:read"
  | "flag:edit"
  | "flag:publish-protected"
  | "flag:delete"
  | "segment:edit"
  | "kill"
  | "kill:lift"
  | "kill:break-glass"
  | "attribute:edit"
  | "environment:manage"
  | "key:manage"
  | "member:manage";

export interface RouteSpec {
  summary: string;
  access: Access;
  /** Success status; 200 unless said. */
  status?: 200 | 201 | 202 | 204;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  response?: z.ZodType;
  /** Nothing of the request is stored, so its texts may hold what no column can: NUL, half a surrogate pair. */
  anyText?: true;
  /** The answer is not JSON from `response`: a stream, say. */
  raw?: string;
}

/** Keeps the literal type of a route, so that the server's handler and the UI's client are typed from it. */
export function route<const Spec extends RouteSpec>(spec: Spec): Spec {
  return spec;
}
