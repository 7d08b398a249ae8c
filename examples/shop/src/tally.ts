/** One flag's answer to one user. */
export interface Answer {
  value: string;
  reason: string;
}

/** Something worth a line of its own. */
export interface Event {
  at: Date;
  text: string;
}

interface FlagTally {
  /** The newest answer of each user. */
  byUser: Map<string, string>;
  counts: Map<string, number>;
  killed: boolean;
}

const BAR_CELLS = 32;

/** What each user was last answered, flag by flag. */
export class Tally {
  requests = 0;
  failures = 0;
  readonly events: Event[] = [];
  readonly #flags = new Map<string, FlagTally>();

  record(user: string, answers: ReadonlyMap<string, Answer>, at: Date): void {
    this.requests += 1;
    for (const [flag, answer] of answers) this.#recordFlag(flag, user, answer, at);
  }

  #recordFlag(flag: string, user: string, { value, reason }: Answer, at: Date): void {
    const tally = this.#flags.get(flag) ?? { byUser: new Map(), counts: new Map(), killed: false };
    this.#flags.set(flag, tally);
    const before = tally.byUser.get(user);
    if (before !== value) {
      if (before !== undefined) tally.counts.set(before, (tally.counts.get(before) ?? 0) - 1);
      tally.byUser.set(user, value);
      tally.counts.set(value, (tally.counts.get(value) ?? 0) + 1);
    }
    const killed = reason === "killed";
    if (killed !== tally.killed) {
      const text = `${flag} ${killed ? "was KILLED" : "was lifted"}: seen at request ${count(this.requests)}`;
      this.events.push({ at, text });
    }
    tally.killed = killed;
  }

  /** One line for each flag: its answers, the most frequent first. */
  lines(): string[] {
    const width = Math.max(0, ...[...this.#flags.keys()].map((key) => key.length));
    return [...this.#flags].map(([flag, { counts, byUser, killed }]) => {
      const shares = [...counts].filter(([, n]) => n > 0).sort((a, b) => a[0].localeCompare(b[0]));
      const words = shares
        .map(([value, n]) => `${value} ${percent(n, byUser.size)} (${count(n)})`)
        .join("  ");
      return `${flag.padEnd(width)}  ${bar(shares, byUser.size)}  ${words}${killed ? "  KILLED" : ""}`;
    });
  }
}

/** Reads what the shop says about a page: `flag=value reason, …`. */
export function parseDecisions(header: string): Map<string, Answer> {
  const entries = header.split(", ").flatMap((part): [string, Answer][] => {
    const [, flag, value, reason] = /^([^=]+)=(\S*) (\S+)$/.exec(part) ?? [];
    return flag && reason ? [[flag, { value: decodeURIComponent(value ?? ""), reason }]] : [];
  });
  return new Map(entries);
}

const SHADES = ["█", "▓", "▒", "░"];

function bar(shares: readonly (readonly [string, number])[], of: number): string {
  const text = shares.map(([, n], i) =>
    (SHADES[i % SHADES.length] ?? "").repeat(Math.round((n / of) * BAR_CELLS)),
  );
  return text.join("").slice(0, BAR_CELLS).padEnd(BAR_CELLS);
}

const percent = (n: number, of: number): string => `${((100 * n) / of).toFixed(1)} %`;
export const count = (n: number): string => n.toLocaleString("en");
