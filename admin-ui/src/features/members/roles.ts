import type { Role } from "@lanyard/contract";

export const ROLES: Role[] = ["viewer", "editor", "maintainer", "owner"];

export const ROLE_WORDS: Record<Role, string> = {
  viewer: "reads everything",
  editor: "changes unprotected environments and kills",
  maintainer: "publishes to protected environments and lifts kills",
  owner: "manages members, keys and environments",
};
