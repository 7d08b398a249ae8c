import type { Change, UiEvent } from "@lanyard/contract";

const CHANGES_AT_ONCE = 200;

/** One open stream of the admin UI. */
export interface Subscriber {
  projectId: string;
  /** Whether the person may still see the project. */
  mayStill(): Promise<boolean>;
  send(event: UiEvent): void;
  cut(): void;
}

interface Following {
  projectKey: string;
  /** The newest change that everybody who joins has seen. */
  sequence: number;
  verdictMs: number;
  changesAfter(sequence: number, limit: number): Promise<Change[]>;
}

/** Those who watch one project, told in order. */
export interface Follower {
  join(subscriber: Subscriber): void;
  /** False when it had left before. */
  leave(subscriber: Subscriber): boolean;
  isEmpty(): boolean;
  /** Events are made and sent one after another; a failure loses them, and the next ones come. */
  tell(makeEvents: () => Promise<UiEvent[]>): void;
  /** What the record has that nobody here was told. */
  newChanges(): Promise<UiEvent[]>;
  /** Cuts whoever may no longer see the project. */
  recheck(): void;
  close(): void;
}

export function follow(following: Following): Follower {
  const verdicts = new Map<Subscriber, number>();
  let { sequence } = following;
  let line: Promise<void> = Promise.resolve();

  const remove = (subscriber: Subscriber) => {
    verdicts.delete(subscriber);
    subscriber.cut();
  };
  const isAllowed = async (subscriber: Subscriber) => {
    if (performance.now() - (verdicts.get(subscriber) ?? Number.NEGATIVE_INFINITY) < following.verdictMs)
      return true;
    const allowed = await subscriber.mayStill();
    if (allowed && verdicts.has(subscriber)) verdicts.set(subscriber, performance.now());
    return allowed;
  };
  const inLine = (work: () => Promise<void>) => {
    line = line.then(work).catch(() => {});
  };
  const send = async (events: UiEvent[]) => {
    if (events.length === 0) return;
    for (const subscriber of [...verdicts.keys()]) {
      if (!(await isAllowed(subscriber))) remove(subscriber);
      else for (const event of events) subscriber.send(event);
    }
  };

  return {
    join: (subscriber) => void verdicts.set(subscriber, performance.now()),
    leave: (subscriber) => verdicts.delete(subscriber),
    isEmpty: () => verdicts.size === 0,
    tell: (makeEvents) => inLine(async () => send(await makeEvents())),
    async newChanges() {
      const events: UiEvent[] = [];
      for (;;) {
        const changes = await following.changesAfter(sequence, CHANGES_AT_ONCE);
        sequence = changes.at(-1)?.sequence ?? sequence;
        events.push(...changes.map((change) => toEvent(following.projectKey, change)));
        if (changes.length < CHANGES_AT_ONCE) return events;
      }
    },
    recheck() {
      for (const subscriber of verdicts.keys()) verdicts.set(subscriber, Number.NEGATIVE_INFINITY);
      inLine(async () => {
        for (const subscriber of [...verdicts.keys()]) if (!(await isAllowed(subscriber))) remove(subscriber);
      });
    },
    close() {
      for (const subscriber of [...verdicts.keys()]) remove(subscriber);
    },
  };
}

function toEvent(project: string, { before: _before, after: _after, ...change }: Change): UiEvent {
  return { type: "change", project, change };
}
