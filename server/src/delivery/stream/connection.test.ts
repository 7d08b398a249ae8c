import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Connection } from "./connection.ts";

/** A connection whose reader takes nothing until it is told to. */
async function stuckReader() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const reader = connect((server.address() as AddressInfo).port, "127.0.0.1");
  reader.on("error", () => {});
  reader.pause();
  reader.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const [, res] = (await once(server, "request")) as [unknown, ServerResponse];
  onTestFinished(() => {
    reader.destroy();
    server.close();
  });
  res.flushHeaders();
  const socket = res.socket as Socket;
  const opening = Buffer.from("event: heartbeat\n\n");
  return { connection: new Connection(socket, "key_1", [opening]), reader, socket };
}

const patch = (number: number) => Buffer.from(`event: patch\ndata: ${number} ${"x".repeat(64_000)}\n\n`);

test("a kill goes ahead of every frame that is not in the socket", async () => {
  const { connection, reader, socket } = await stuckReader();
  let number = 0;
  while (!socket.writableNeedDrain) connection.write(patch(++number));
  for (let more = 0; more < 5; more += 1) connection.write(patch(++number));
  connection.writeFirst(Buffer.from("event: kill\ndata: first\n\n"));
  connection.writeFirst(Buffer.from("event: lift\ndata: second\n\n"));
  let text = "";
  reader.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  reader.resume();
  while (!text.includes(`data: ${number} `)) await once(reader, "data");
  const order = [...text.matchAll(/event: (\w+)\ndata: (\w+)/g)].map(([, , data]) => data);
  expect(order.slice(-7)).toEqual(["first", "second", ...[4, 3, 2, 1, 0].map((ago) => `${number - ago}`)]);
});

test("a reader that does not read is cut at a bounded queue", async () => {
  const { connection, socket } = await stuckReader();
  let written = 0;
  while (!socket.writableNeedDrain) connection.write(patch(0));
  while (!socket.destroyed && written < 64) {
    connection.write(patch(0));
    written += 1;
  }
  expect(socket.destroyed).toBe(true);
  expect(written).toBeLessThan(20);
});
