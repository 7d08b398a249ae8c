import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Status } from "@lanyard/sdk-node";

const APPLICATION = fileURLToPath(new URL("./application.mjs", import.meta.url));

/** What the application says of one event of its client; `at` is the machine's clock in milliseconds. */
export interface Seen {
  event: "kill" | "change" | "status";
  at: number;
  detail: unknown;
}

/** A request that its client made, by the machine's clock in milliseconds. */
export interface Asked {
  path: string;
  at: number;
  /** Of the head of the answer, or of the failure; absent while there is neither. */
  endedAt?: number;
  /** The answer's status, or why there is none. */
  outcome?: string;
}

export interface Answers {
  /** Users that got `true`. */
  on: string[];
  /** Reason of every answer, counted. */
  reasons: Record<string, number>;
}

/** What a flag answers for some users from `at` on: variations, or reasons where there is none, in one line. */
export interface Answered {
  flag: string;
  answer: string;
  at: number;
}

export interface Watched {
  flag: string;
  users: string[];
  /** Of the flag's type. */
  fallback: boolean | number;
}

/** A separate process with the packed sdk-node inside, as an application has it. */
export interface SdkProcess {
  readonly process: ChildProcess;
  /** All that its client saw and asked for so far, in order. */
  readonly events: readonly Seen[];
  readonly requests: readonly Asked[];
  /** Reads `flag` once for each of `users`. */
  evaluate(flag: string, users: string[]): Promise<Answers>;
  /** Resolves with the first event, seen before or yet to come after `since`, that `matches`. */
  seen(matches: (seen: Seen) => boolean, since?: number): Promise<Seen>;
  /** Reads these over and over from now on, and tells whenever an answer is another one. */
  watch(what: Watched[], heard: (answered: Answered) => void): Promise<void>;
  /** `warnings`: all that its logger was told. */
  status(): Promise<Status & { warnings: string[] }>;
  /** Bytes in use on its heap once garbage is gone. */
  heapBytes(): Promise<number>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface SdkProcessOptions {
  dataDir?: string;
  /** How it is named to people. */
  app?: string;
  /** How long the application waits for its client to be ready. */
  readyMs?: number;
}

export async function startSdkProcess(
  url: string,
  key: string,
  { readyMs = 10_000, ...more }: SdkProcessOptions = {},
): Promise<SdkProcess> {
  const child = fork(APPLICATION, [JSON.stringify({ url, key, readyMs, ...more })], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const events: Seen[] = [];
  const waiting = new Set<() => void>();
  child.on("message", (message: { seen?: Seen }) => {
    if (!message.seen) return;
    events.push(message.seen);
    for (const check of waiting) check();
  });
  const requests = collectRequests(child);
  await reply(child, "ready");
  const ask = (question: object, name: string) => {
    const answer = reply(child, name);
    child.send(question);
    return answer;
  };
  return {
    process: child,
    events,
    requests,
    evaluate: async (flag, users) => (await ask({ evaluate: { flag, users } }, "answers")) as Answers,
    seen: (matches, since = 0) =>
      new Promise((resolve) => {
        const check = () => {
          const found = events.find((seen) => seen.at >= since && matches(seen));
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    async watch(what, heard) {
      child.on("message", ({ answered }: { answered?: Answered }) => answered && heard(answered));
      await ask({ watch: what }, "watching");
    },
    status: async () => (await ask({ status: true }, "status")) as Status & { warnings: string[] },
    heapBytes: async () => (await ask({ heap: true }, "heap")) as number,
    async stop(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, "exit");
    },
  };
}

function collectRequests(child: ChildProcess): Asked[] {
  const requests: Asked[] = [];
  type Told = { id: number; path?: string; at: number; outcome?: string };
  child.on("message", ({ request }: { request?: Told }) => {
    if (!request) return;
    const { id, path, at, outcome } = request;
    if (path) requests[id - 1] = { path, at };
    else Object.assign(requests[id - 1] as Asked, { endedAt: at, outcome });
  });
  return requests;
}

/** Resolves with the next message that has a member `name`; listening throughout, for messages come in bursts. */
function reply(child: ChildProcess, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const heard = (message: Record<string, unknown>) => {
      if (!(name in message)) return;
      child.off("message", heard).off("exit", ended);
      resolve(message[name]);
    };
    const ended = (code: number | null) => reject(new Error(`the application ended with ${code}`));
    child.on("message", heard).once("exit", ended);
  });
}
