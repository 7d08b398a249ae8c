import type { CDPSession, Page } from "@playwright/test";

declare const window: { held: number[] };

/** An event of a trace; `tdur` is in microseconds of processor time. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  tdur?: number;
}

/** Who marks this tells which thread it runs on: Chromium has pages of its own, too. */
const MARK = "a page of ours";

/**
 * Processor time in milliseconds of every task that ran on these pages' main threads during `during`. What holds a main
 * thread is a task of it, and processor time says for how long on a busy machine, too.
 */
export async function traceTasks(
  browser: CDPSession,
  pages: readonly Page[],
  during: () => Promise<void>,
): Promise<number[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }) => events.push(...(value as TraceEvent[]));
  browser.on("Tracing.dataCollected", collect);
  await browser.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      includedCategories: ["disabled-by-default-devtools.timeline", "blink.user_timing"],
      excludedCategories: ["*"],
    },
  });
  await Promise.all(pages.map((page) => page.evaluate((mark) => void performance.mark(mark), MARK)));
  await during();
  const complete = new Promise((resolve) => browser.once("Tracing.tracingComplete", resolve));
  await browser.send("Tracing.end");
  await complete;
  browser.off("Tracing.dataCollected", collect);
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(events.filter(({ name }) => name === MARK).map(thread));
  return events
    .filter((event) => event.name === "RunTask" && mains.has(thread(event)))
    .map(({ tdur = 0 }) => tdur / 1_000);
}

/**
 * A script for pages: `window.held` gets the milliseconds that the SDK keeps the thread for each piece that comes, from
 * the server or from another tab.
 */
export function noteHeld(): void {
  window.held = [];
  const { read } = ReadableStreamDefaultReader.prototype;
  let since: number | undefined;
  ReadableStreamDefaultReader.prototype.read = function (this: ReadableStreamDefaultReader) {
    if (since !== undefined) window.held.push(performance.now() - since);
    since = undefined;
    return read.call(this).then((piece) => {
      since = performance.now();
      return piece;
    });
  } as typeof read;
  const { set, ...rest } = Object.getOwnPropertyDescriptor(BroadcastChannel.prototype, "onmessage") ?? {};
  Object.defineProperty(BroadcastChannel.prototype, "onmessage", {
    ...rest,
    set(this: BroadcastChannel, hear: (event: MessageEvent) => void) {
      set?.call(this, (event: MessageEvent) => {
        const since = performance.now();
        hear(event);
        window.held.push(performance.now() - since);
      });
    },
  });
}
