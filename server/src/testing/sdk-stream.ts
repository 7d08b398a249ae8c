const PATIENCE_MS = 15_000;

export interface Frame {
  event: string;
  id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into frames of every shape.
  data: any;
  /** When it was read, on the monotonic clock. */
  at: number;
}

/** One SDK's stream as raw frames. */
export interface SdkStream {
  response: Response;
  /** Everything so far, in order. */
  frames: Frame[];
  /** The first frame of that name that was not asked for yet and that `matches`. */
  next(event: string, matches?: (frame: Frame) => boolean): Promise<Frame>;
  ended: Promise<void>;
  close(): Promise<void>;
}

export async function openSdkStream(
  origin: string,
  key: string,
  query: Record<string, string | number> = {},
  headers: Record<string, string> = {},
): Promise<SdkStream> {
  const url = new URL("/sdk/v1/stream", origin);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const controller = new AbortController();
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${key}`, ...headers },
    signal: controller.signal,
  });
  const frames: Frame[] = [];
  const asked = new Set<Frame>();
  let wake: () => void = () => {};
  const ended = read(response, (frame) => {
    frames.push(frame);
    wake();
  });
  return {
    response,
    frames,
    ended,
    async next(event, matches = () => true) {
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        const found = frames.find((frame) => frame.event === event && !asked.has(frame) && matches(frame));
        if (found) {
          asked.add(found);
          return found;
        }
        if (performance.now() > deadline)
          throw new Error(
            `no ${event} within ${PATIENCE_MS} ms; got ${response.status} and ${frames.map((each) => each.event)}`,
          );
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          new Promise((resolve) => setTimeout(resolve, 100)),
        ]);
      }
    },
    async close() {
      controller.abort();
      await ended;
    },
  };
}

async function read(response: Response, heard: (frame: Frame) => void): Promise<void> {
  if (!response.ok || !response.body) return;
  let text = "";
  try {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) heard(parse(block));
    }
  } catch {
    // Cut, by us or by the server: either way it is over.
  }
}

function parse(block: string): Frame {
  const fields = new Map(
    block.split("\n").map((line) => {
      const [name = "", ...rest] = line.split(": ");
      return [name, rest.join(": ")] as const;
    }),
  );
  return {
    event: fields.get("event") ?? "",
    id: fields.get("id"),
    data: JSON.parse(fields.get("data") ?? "null"),
    at: performance.now(),
  };
}
