import type { Permission, Project, Role } from "@lanyard/contract";

type Asked = Exclude<Permission, "project:read">;

const NEEDS: Record<Asked, Role> = {
  "flag:edit": "editor",
  "flag:publish-protected": "maintainer",
  "flag:delete": "maintainer",
  "segment:edit": "editor",
  kill: "editor",
  "kill:lift": "maintainer",
  "kill:break-glass": "owner",
  "attribute:edit": "maintainer",
  "environment:manage": "owner",
  "key:manage": "owner",
  "member:manage": "owner",
};

const RANK: Record<Role, number> = { viewer: 0, editor: 1, maintainer: 2, owner: 3 };

/** Whether to offer an action at all; the server decides. */
export function can(project: Pick<Project, "role">, permission: Asked): boolean {
  return RANK[project.role] >= RANK[NEEDS[permission]];
}

export const roleFor = (permission: Asked): Role => NEEDS[permission];
