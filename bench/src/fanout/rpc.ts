import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

// biome-ignore lint/suspicious/noExplicitAny: each handler names its own input.
export type Handlers = Record<string, (input: any) => unknown>;

interface Question {
  id: number;
  name: string;
  input: unknown;
}

interface Reply {
  id: number;
  result?: unknown;
  error?: string;
}

/** Answers the process that forked this one, for as long as that lives. */
export function serve(handlers: Handlers): void {
  const answer = async ({ id, name, input }: Question): Promise<Reply> => {
    try {
      return { id, result: await handlers[name]?.(input) };
    } catch (error) {
      return { id, error: String(error) };
    }
  };
  process.on("message", (question: Question) => {
    // The probe answers what it knows itself.
    if (handlers[question.name]) void answer(question).then((reply) => process.send?.(reply));
  });
  process.channel?.ref();
}

/** A process of the bench, asked by name for what it serves. */
export interface Remote<Served extends Handlers> {
  readonly process: ChildProcess;
  ask<Name extends keyof Served & string>(
    name: Name,
    input: Parameters<Served[Name]>[0],
  ): Promise<Awaited<ReturnType<Served[Name]>>>;
  stop(): Promise<void>;
}

export function startProcess<Served extends Handlers>(
  file: string,
  options: ForkOptions = {},
): Remote<Served> {
  const child = fork(file, { execArgv: [...SOURCES, ...PROBE], ...options });
  let asked = 0;
  const waiting = new Map<number, (reply: Reply) => void>();
  child.on("message", (reply: Reply) => waiting.get(reply.id)?.(reply));
  const gone = once(child, "exit").then(() => {
    for (const [id, settle] of waiting) settle({ id, error: `${file} ended` });
  });
  const question = async (name: string, input: unknown): Promise<unknown> => {
    asked += 1;
    const id = asked;
    const replied = new Promise<Reply>((resolve) => waiting.set(id, resolve));
    if (!child.connected) throw new Error(`${file} ended`);
    child.send({ id, name, input });
    const { result, error } = await replied;
    waiting.delete(id);
    if (error !== undefined) throw new Error(`${name}: ${error}`);
    return result;
  };
  return {
    process: child,
    ask: question as Remote<Served>["ask"],
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await gone;
    },
  };
}

/** What the probe adds to a measured process. */
export type Probed = { memory(input: undefined): number };

export const SOURCES = ["--conditions=source", "--import", "tsx"];
/** Lets every process be asked for its memory, the product's too, which knows nothing of it. */
export const PROBE = ["--expose-gc", "--import", fileURLToPath(new URL("./probe.mjs", import.meta.url))];
