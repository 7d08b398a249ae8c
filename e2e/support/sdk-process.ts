import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const APPLICATION = fileURLToPath(new URL("./application.mjs", import.meta.url));

/** What the application says of one event of its client; `at` is the machine's clock in milliseconds. */
export interface Seen {
  event: "kill" | "change" | "status";
  at: number;
  detail: unknown;
}

export interface Answers {
  /** Users that got `true`. */
  on: string[];
  /** Reason of every answer, counted. */
  reasons: Record<string, number>;
}

/** A separate process with the packed sdk-node inside, as an application has it. */
export interface SdkProcess {
  /** Reads `flag` once for each of `users`. */
  evaluate(flag: string, users: string[]): Promise<Answers>;
  /** Resolves with the first event, seen before or yet to come after `since`, that `matches`. */
  seen(matches: (seen: Seen) => boolean, since?: number): Promise<Seen>;
  stop(): Promise<void>;
}

export async function startSdkProcess(url: string, key: string): Promise<SdkProcess> {
  const child = fork(APPLICATION, [url, key], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const events: Seen[] = [];
  const waiting = new Set<() => void>();
  child.on("message", (message: { seen?: Seen }) => {
    if (!message.seen) return;
    events.push(message.seen);
    for (const check of waiting) check();
  });
  await reply(child, "ready");
  return {
    async evaluate(flag, users) {
      child.send({ evaluate: { flag, users } });
      return (await reply(child, "answers")) as Answers;
    },
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
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
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
