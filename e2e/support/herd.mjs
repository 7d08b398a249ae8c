// Many SDKs' streams without the SDKs: each asks, comes again when it is told to, and counts what it is told.
import { connect } from "node:net";

const { url, key, count } = JSON.parse(process.argv[2]);
const { hostname, port } = new URL(url);
const REQUEST = `GET /sdk/v1/stream HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${key}\r\nAccept: text/event-stream\r\n\r\n`;
const open = new Set();
const told = { refused: 0, failed: 0, firstAt: Date.now() };

function ask() {
  const socket = connect(Number(port), hostname);
  socket.once("connect", () => socket.write(REQUEST));
  socket.once("data", (bytes) => answered(socket, bytes.toString("latin1")));
  socket.on("error", () => {});
  socket.on("close", () => {
    if (open.delete(socket) || socket.answered) return;
    told.failed += 1;
    setTimeout(ask, Math.random() * 1_000);
  });
}

function answered(socket, text) {
  socket.answered = true;
  const waitSeconds = Number(text.match(/retry-after: (\d+)/i)?.[1]);
  if (text.startsWith("HTTP/1.1 200")) {
    open.add(socket);
    socket.resume();
    if (open.size === count) process.send({ open: { ...told, ms: Date.now() - told.firstAt } });
    return;
  }
  told.refused += 1;
  socket.destroy();
  setTimeout(ask, (waitSeconds || Math.random()) * 1_000);
}

for (let index = 0; index < count; index += 1) ask();
process.on("disconnect", () => process.exit(0));
