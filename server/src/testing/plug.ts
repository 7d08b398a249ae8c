import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** The cable to a service, which a test can pull, or leave plugged into something that no longer answers. */
export interface Plug {
  /** The service's URL through the cable. */
  url: string;
  /** Connections break and new ones are refused. */
  pull(): Promise<void>;
  /** Connections stay open and new ones are accepted; nothing gets through. */
  hang(): void;
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function plugInto(serviceUrl: string): Promise<Plug> {
  const target = new URL(serviceUrl);
  const pairs = new Set<[near: Socket, far: Socket]>();
  let hanging = false;
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;

  function listen(at: number): Promise<Server> {
    const listening = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      const pair: [Socket, Socket] = [near, far];
      pairs.add(pair);
      for (const socket of pair) {
        socket.on("error", () => {});
        socket.on("close", () => {
          near.destroy();
          far.destroy();
          pairs.delete(pair);
        });
      }
      near.on("data", (bytes) => far.write(bytes));
      far.on("data", (bytes) => near.write(bytes));
      if (hanging) for (const socket of pair) socket.pause();
    });
    return new Promise((resolve) => listening.listen(at, "127.0.0.1", () => resolve(listening)));
  }

  async function pull() {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    await closed;
  }

  const url = new URL(serviceUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return {
    url: url.href,
    pull,
    hang() {
      hanging = true;
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    async restore() {
      if (!server.listening) server = await listen(port);
      hanging = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    close: pull,
  };
}
