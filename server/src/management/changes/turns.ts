import { AppError } from "../../errors.ts";

const WAITING_MAX = 200;

/** Lets the changes of one project on this node wait for each other here, not each on a connection of the pool. */
export type InTurn = <Result>(projectId: string, work: () => Promise<Result>) => Promise<Result>;

export function createTurns(): InTurn {
  const lines = new Map<string, { last: Promise<unknown>; waiting: number }>();
  return async (projectId, work) => {
    const line = lines.get(projectId) ?? { last: Promise.resolve(), waiting: 0 };
    if (line.waiting >= WAITING_MAX)
      throw new AppError("unavailable", "Too many changes of this project wait.", { retryAfterSeconds: 2 });
    lines.set(projectId, line);
    line.waiting += 1;
    const result = line.last.then(work).finally(() => {
      line.waiting -= 1;
      if (line.waiting === 0) lines.delete(projectId);
    });
    line.last = result.catch(() => {});
    return result;
  };
}
