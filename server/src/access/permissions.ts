import type { Permission, Role } from "@lanyard/contract";

/** The one table from role to what it allows; the default is no. */
const ALLOWED: Record<Role, readonly Permission[]> = {
  viewer: ["project:read"],
  editor: ["project:read", "flag:edit", "segment:edit", "kill"],
  maintainer: [
    "project:read",
    "flag:edit",
    "flag:publish-protected",
    "flag:delete",
    "segment:edit",
    "attribute:edit",
    "kill",
    "kill:lift",
  ],
  owner: [
    "project:read",
    "flag:edit",
    "flag:publish-protected",
    "flag:delete",
    "segment:edit",
    "attribute:edit",
    "kill",
    "kill:lift",
    "environment:manage",
    "key:manage",
    "member:manage",
  ],
};

export function roleAllows(role: Role, permission: Permission): boolean {
  return ALLOWED[role].includes(permission);
}
