// Pollers of the snapshot, in a process of their own: keep-alive sockets that ask again as soon as they are answered.
import { connect } from "node:net";
import { serve } from "./rpc.ts";

export interface Polling {
  port: number;
  path: string;
  headers: Record<string, string>;
  status: 200 | 304;
  connections: number;
  ms: number;
}

const HEAD_END = "\r\n\r\n";

/** Answers a second. */
async function poll({ port, path, headers, status, connections, ms }: Polling): Promise<number> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const question = `GET ${path} HTTP/1.1\r\nHost: bench\r\n${lines.join("")}\r\n`;
  const begun = performance.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, () => askUntil(begun + ms, { port, question, status })),
  );
  return (counts.reduce((sum, count) => sum + count, 0) / (performance.now() - begun)) * 1_000;
}

function askUntil(
  end: number,
  { port, question, status }: { port: number; question: string; status: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    let answers = 0;
    let bytesLeft = 0;
    const socket = connect(port, "127.0.0.1", () => socket.write(question));
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      if (bytesLeft > 0) bytesLeft -= bytes.length;
      else {
        const head = bytes.toString("latin1", 0, bytes.indexOf(HEAD_END) + HEAD_END.length);
        if (!head.startsWith(`HTTP/1.1 ${status}`)) return void reject(new Error(head));
        bytesLeft = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0) - (bytes.length - head.length);
      }
      if (bytesLeft > 0) return undefined;
      answers += 1;
      if (performance.now() < end) return socket.write(question);
      resolve(answers);
      return socket.destroy();
    });
  });
}

export const handlers = { poll };

serve(handlers);
