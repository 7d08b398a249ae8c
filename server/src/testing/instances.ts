import { randomUUID } from "node:crypto";
import type { SdkReceipt } from "@lanyard/contract";
import { createCaller } from "./caller.ts";
import { openSdkStream, type SdkStream } from "./sdk-stream.ts";
import { waitFor } from "./wait-for.ts";

/** An SDK instance by hand: a stream, and receipts when a test says so. */
export interface TestInstance {
  id: string;
  stream: SdkStream;
  say(more?: Partial<SdkReceipt>): Promise<void>;
  /** Waits for the kill's frame and confirms it. */
  confirm(kill: string): Promise<void>;
}

interface InstanceOptions {
  app?: string;
  host?: string;
  /** Name and version, as an SDK says them. */
  sdk?: string;
  /** Where receipts go, when not to the node of the stream. */
  receiptsTo?: string;
}

/** Connected, and known to the server. */
export async function testInstance(
  origin: string,
  key: string,
  { app = "shop", host = "web-1", sdk = "test/1.0.0", receiptsTo = origin }: InstanceOptions = {},
): Promise<TestInstance> {
  const id = randomUUID();
  const headers = { "lanyard-instance": id, "lanyard-sdk": sdk };
  const stream = await openSdkStream(origin, key, {}, headers);
  const { data: beat } = await stream.next("heartbeat");
  const caller = createCaller(receiptsTo, { authorization: `Bearer ${key}`, ...headers });
  const instance: TestInstance = {
    id,
    stream,
    async say(more = {}) {
      const { epoch, revision } = beat;
      const body = { app, host, epoch, revision, kills: [], ...more };
      // A busy node takes none; an SDK says it again later.
      await waitFor("the receipt to be taken", async () => {
        const { status } = await caller.call("POST /sdk/v1/receipts", { body });
        return status === 202;
      });
    },
    async confirm(kill) {
      await stream.next("kill", ({ data }) => data.elements.some(({ id }: { id: string }) => id === kill));
      await instance.say({ kills: [{ id: kill, heldMs: 0 }] });
    },
  };
  await instance.say();
  return instance;
}
