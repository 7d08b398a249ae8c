import { DatabaseAway } from "./away.ts";

/** Whatever waits for PostgreSQL: given up when that is found not to answer, and refused at once until it does. */
export interface Waiting {
  /**
   * Rejects with `DatabaseAway` when `work` is given up, which goes on unheard. Once it has called `mustEnd`, its end is
   * waited for; of what was given up before, that call throws.
   */
  during<Result>(work: (mustEnd: () => void) => Promise<Result>): Promise<Result>;
  found(answers: boolean): void;
}

export function createWaiting(): Waiting {
  const giveUps = new Set<() => void>();
  let away = false;
  return {
    during(work) {
      if (away) return Promise.reject(new DatabaseAway());
      return new Promise((resolve, reject) => {
        const giveUp = () => reject(new DatabaseAway());
        giveUps.add(giveUp);
        const mustEnd = () => {
          if (!giveUps.delete(giveUp)) throw new DatabaseAway();
        };
        work(mustEnd)
          .then(resolve, reject)
          .finally(() => giveUps.delete(giveUp));
      });
    },
    found(answers) {
      away = !answers;
      if (!away) return;
      for (const giveUp of giveUps) giveUp();
      giveUps.clear();
    },
  };
}
