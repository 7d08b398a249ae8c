import type { Permission, Role } from "@lanyard/contract";

const VIEWER: readonly Permission[] = ["project:read"];
const EDITOR: readonly Permission[] = [...VIEWER, "flag:edit", "segment:edit", "kill"];
const MAINTAINER: readonly Permission[] = [
  ...EDITOR,
  "flag:publish-protected",
  "flag:delete",
  "attribute:edit",
  "kill:lift",
];
const OWNER: readonly Permission[] = [
  ...MAINTAINER,
  "kill:break-glass",
  "environment:manage",
  "key:manage",
  "member:manage",
];

/** The one table from role to what it allows, each role more than the one before; the default is no. */
const ALLOWED: Record<Role, readonly Permission[]> = {
  viewer: VIEWER,
  editor: EDITOR,
  maintainer: MAINTAINER,
  owner: OWNER,
};

export function roleAllows(role: Role, permission: Permission): boolean {
  return ALLOWED[role].includes(permission);
}
