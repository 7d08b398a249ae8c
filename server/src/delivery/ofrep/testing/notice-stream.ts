export interface Notice {
  type: string;
  etag: string;
}

/** An OFREP stream as its client reads it. */
export interface NoticeStream {
  response: Response;
  /** The next notice that was not asked for yet. */
  next(): Promise<Notice>;
  ended: Promise<void>;
  close(): Promise<void>;
}

export async function openNotices(url: string): Promise<NoticeStream> {
  const controller = new AbortController();
  const response = await fetch(url, { signal: controller.signal });
  const heard: Notice[] = [];
  let wake: () => void = () => {};
  const ended = read(response, (notice) => {
    heard.push(notice);
    wake();
  });
  return {
    response,
    ended,
    async next() {
      while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return heard.shift() as Notice;
    },
    async close() {
      controller.abort();
      await ended;
    },
  };
}

async function read({ body }: Response, hear: (notice: Notice) => void): Promise<void> {
  let text = "";
  try {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data !== undefined && block.includes("event: message\n")) hear(JSON.parse(data));
      }
    }
  } catch {
    // Cut, by us or by the server: either way it is over.
  }
}
