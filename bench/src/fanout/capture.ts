import type { Product, Project } from "./product.ts";

/** The events of a stream, bytes as they are, until the first whose name is `last`. */
export async function readStream(
  { port }: Product,
  { sdkKey }: Project,
  path: string,
  last: string,
  opened: () => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${sdkKey}` };
  const { body } = await fetch(`http://127.0.0.1:${port}${path}`, { headers, signal: stop.signal });
  if (!body) throw new Error("a stream without a body");
  const acted = opened();
  const events: string[] = [];
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      events.push(`${block}\n\n`);
      if (!block.startsWith(`event: ${last}\n`)) continue;
      await acted;
      stop.abort();
      return events;
    }
  }
  throw new Error(`the stream ended without ${last}`);
}

/** Of an SDK that holds the newest revision but `behind`. */
export async function streamPath({ port }: Product, { sdkKey }: Project, behind = 0): Promise<string> {
  const headers = { authorization: `Bearer ${sdkKey}` };
  const answer = await fetch(`http://127.0.0.1:${port}/sdk/v1/ruleset`, { headers });
  const { epoch, revision } = (await answer.json()) as { epoch: number; revision: number };
  return `/sdk/v1/stream?epoch=${epoch}&revision=${revision - behind}`;
}

/** How often the product has serialised a kill so far. */
export async function killFramesMade({ port }: Product): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^lanyard_frames_total\{frame="kill"\} (\d+)/m.exec(text)?.[1] ?? 0);
}
