// The readers of one server, in a process of their own: raw sockets, one shared buffer, nothing parsed but names.
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { serve } from "./rpc.ts";

/** Where streams are opened, and the request line and headers with which. */
export interface Target {
  port: number;
  path: string;
  headers: Record<string, string>;
}

/** A call that makes the server write to all streams, and the text by which its frame is known. */
export interface Broadcast {
  port: number;
  path: string;
  headers: Record<string, string>;
  body: string;
  marker: string;
}

/** Milliseconds after the call until each stream had the frame, and the slowest. */
export interface Seen {
  p50: number;
  p99: number;
  max: number;
}

export interface Opened {
  /** From the first connect until the last stream was open. */
  ms: number;
  /** Answers that said to come later. */
  refused: number;
}

const CONNECTS_AT_ONCE = 256;
/** A port pair is used up by each closed connection for a minute: more addresses, more pairs. */
const ADDRESSES = 8;
const PATIENCE_MS = 60_000;

const open = new Set<Socket>();
const buffer = Buffer.allocUnsafe(256 * 1024);
let heard: (text: Buffer) => void = () => {};
let connects = 0;

/** Resolves once its first event is complete, or with the seconds after which to come again. */
function openOne({ port, path, headers }: Target): Promise<number | undefined> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    let isOpen = false;
    const localAddress = `127.0.0.${1 + (connects++ % ADDRESSES)}`;
    const socket = connect({
      port,
      host: "127.0.0.1",
      localAddress,
      onread: {
        buffer,
        callback(length) {
          const bytes = buffer.subarray(0, length);
          if (isOpen) heard(bytes);
          else if (bytes.includes("HTTP/1.1 503")) {
            socket.destroy();
            resolve(Number(/retry-after: (\d+)/i.exec(bytes.toString("latin1"))?.[1]));
          } else if (bytes.includes("event: heartbeat")) {
            isOpen = true;
            open.add(socket);
            resolve(undefined);
          }
          return true;
        },
      },
    });
    socket.on("error", reject);
    socket.on("close", () => open.delete(socket));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n${lines.join("")}\r\n`);
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens `count` streams, all at once or `CONNECTS_AT_ONCE` at a time, and comes again when told to. */
async function openMany({
  count,
  atOnce,
  ...target
}: Target & { count: number; atOnce?: boolean }): Promise<Opened> {
  const begun = performance.now();
  let left = count;
  let refused = 0;
  const openNext = async () => {
    while (left > 0) {
      left -= 1;
      for (;;) {
        const wait = await openOne(target);
        if (wait === undefined) break;
        refused += 1;
        await pause(wait * 1_000);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce ? count : CONNECTS_AT_ONCE }, openNext));
  return { ms: performance.now() - begun, refused };
}

/** Calls, and waits until every open stream has seen the frame; with the call's answer. */
async function broadcast({ marker, ...call }: Broadcast): Promise<Seen & { answer: string }> {
  const times = new Float64Array(open.size);
  let seen = 0;
  const begun = performance.now();
  const all = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${seen} of ${times.length} saw it`)), PATIENCE_MS);
    heard = (bytes) => {
      if (!bytes.includes(marker)) return;
      times[seen++] = performance.now() - begun;
      if (seen < times.length) return;
      heard = () => {};
      clearTimeout(late);
      resolve();
    };
  });
  const [answer] = await Promise.all([post(call), all]);
  const at = (share: number) => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1), answer };
}

function post({ port, path, headers, body }: Omit<Broadcast, "marker">): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { port, path, headers, host: "127.0.0.1", method: "POST", agent: false },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        answer.on("end", () => ((answer.statusCode ?? 500) < 300 ? resolve(text) : reject(new Error(text))));
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

async function closeAll(): Promise<void> {
  for (const socket of open) socket.destroy();
  while (open.size > 0) await pause(10);
}

export const handlers = { open: openMany, broadcast, close: closeAll };

serve(handlers);
