import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

interface Pair {
  near: Socket;
  far: Socket;
  /** Neither side hears of the other's end any more. */
  severed: boolean;
}

/** The cable between a client and the first of its targets that answers: it can break in every way a network can. */
export interface Line {
  /** Its own end, in place of the target's URL. */
  readonly url: string;
  /** When an SDK asked for a stream, in epoch milliseconds; it may have been refused. */
  readonly attempts: number[];
  /** SDK streams on it: open now, and most at one time. */
  readonly streams: { open: number; most: number };
  /** Where new connections go: to the first that answers. */
  plug(...urls: string[]): void;
  /** Connections break, and new ones break at once. */
  cut(): void;
  /** Nothing gets through, in connections old and new, and nobody is told. */
  freeze(): void;
  /** As before a cut or a freeze; what was held up flows on. */
  restore(): void;
  /** Today's connections go silent for ever without an end; new ones pass. */
  sever(): void;
  /** Changes what comes from the server from now on. Undefined for no change. */
  tamper(change: ((bytes: Buffer) => Buffer) | undefined): void;
  close(): Promise<void>;
}

export async function startLine(...urls: string[]): Promise<Line> {
  const pairs = new Set<Pair>();
  const attempts: number[] = [];
  const streams = { open: 0, most: 0 };
  let targets = urls;
  let mode: "open" | "cut" | "frozen" = "open";
  let change: ((bytes: Buffer) => Buffer) | undefined;

  const server = createServer((near) => {
    near.on("error", () => {});
    countStreams(near, attempts, streams);
    near.pause();
    if (mode === "cut") refuse(near);
    else void join(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  async function join(near: Socket) {
    const far = await firstThatAnswers(targets);
    if (!far) return refuse(near);
    const pair: Pair = { near, far, severed: false };
    pairs.add(pair);
    near.on("data", (bytes) => far.write(bytes));
    far.on("data", (bytes) => near.write(change ? change(bytes) : bytes));
    for (const socket of [near, far]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        if (pair.severed) return;
        near.destroy();
        far.destroy();
        pairs.delete(pair);
      });
      if (mode === "frozen") socket.pause();
      else socket.resume();
    }
  }

  const destroyAll = () => {
    for (const { near, far } of pairs) for (const socket of [near, far]) socket.destroy();
  };
  const url = new URL(urls[0] as string);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href.replace(/\/$/, ""),
    attempts,
    streams,
    plug(...others) {
      targets = others;
    },
    cut() {
      mode = "cut";
      destroyAll();
    },
    freeze() {
      mode = "frozen";
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.pause();
    },
    restore() {
      mode = "open";
      for (const pair of pairs)
        if (!pair.severed) for (const socket of [pair.near, pair.far]) socket.resume();
    },
    sever() {
      for (const pair of pairs) {
        pair.severed = true;
        for (const socket of [pair.near, pair.far]) socket.pause();
      }
    },
    tamper(by) {
      change = by;
    },
    async close() {
      mode = "cut";
      destroyAll();
      server.close();
      await once(server, "close");
    },
  };
}

/** Once it has said something: Node 20's fetch waits for ever when its very first connection ends before that. */
function refuse(near: Socket): void {
  near.once("data", () => near.destroy());
  near.resume();
}

async function firstThatAnswers(urls: string[]): Promise<Socket | undefined> {
  for (const url of urls) {
    const { hostname, port } = new URL(url);
    const socket = connect({ port: Number(port), host: hostname });
    const answered = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (answered) return socket;
  }
  return undefined;
}

function countStreams(near: Socket, attempts: number[], streams: Line["streams"]): void {
  let counted = false;
  near.on("data", (bytes: Buffer) => {
    if (counted || !bytes.includes("GET /sdk/v1/stream")) return;
    counted = true;
    attempts.push(Date.now());
    streams.open += 1;
    streams.most = Math.max(streams.most, streams.open);
  });
  near.on("close", () => {
    if (counted) streams.open -= 1;
  });
}
