/** Some members of T; one that is undefined is as good as absent. */
export type Patch<T> = { [Member in keyof T]?: T[Member] | undefined };

export function patched<T extends object>(before: T, patch: Patch<T>): T {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  return { ...before, ...(Object.fromEntries(given) as Partial<T>) };
}
