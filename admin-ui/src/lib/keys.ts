/** Query keys, general to specific: one prefix invalidates all that is below it. Every feature's `queries.ts` builds on them. */
export const keys = {
  session: ["session"] as const,
  killPage: ["kill-page"] as const,
  projects: ["projects"] as const,
  project: (project: string) => [...keys.projects, project] as const,
  flags: (project: string) => [...keys.project(project), "flags"] as const,
  flag: (project: string, flag: string) => [...keys.flags(project), "detail", flag] as const,
  usage: (project: string) => [...keys.project(project), "usage"] as const,
  segments: (project: string) => [...keys.project(project), "segments"] as const,
  kills: (project: string) => [...keys.project(project), "kills"] as const,
  /** Told by the live stream as it counts up. */
  receipts: (project: string, kill: string) => [...keys.kills(project), "receipts", kill] as const,
  instances: (project: string) => [...keys.project(project), "instances"] as const,
  changes: (project: string) => [...keys.project(project), "changes"] as const,
  apiKeys: (project: string) => [...keys.project(project), "keys"] as const,
  members: (project: string) => [...keys.project(project), "members"] as const,
  attributes: (project: string) => [...keys.project(project), "attributes"] as const,
  /** SDK connections by environment, as the live stream tells them. */
  connections: (project: string) => [...keys.project(project), "connections"] as const,
};
