/** How many cases a property is tried with: the number asked for, or the one given for a longer run. */
export function runs(usual: number): number {
  const { process } = globalThis as { process?: { env: Record<string, string | undefined> } };
  return Number(process?.env.LANYARD_RUNS ?? usual);
}
