import fc from "fast-check";
import { expect, it } from "vitest";
import { connect } from "./connection.ts";
import { createCore } from "./core.ts";
import { booleanFlag, frame, killOf, rulesetOf } from "./testing/index.ts";
import { VirtualTime } from "./testing/virtual-time.ts";

type Answer = "stream" | "rules" | "html" | "garbage" | "hangs" | "fails" | 204 | 401 | 404 | 500 | 503;

/** A server that answers as it is told to, and counts what a client holds open. */
class Wire {
  readonly streams = new Set<AbortSignal>();
  readonly requests = new Set<AbortSignal>();
  mostStreams = 0;
  mostRequests = 0;
  #feed: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly #answers: Answer[];
  readonly #rules: () => object;

  constructor(answers: Answer[], rules: () => object) {
    this.#answers = answers;
    this.#rules = rules;
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    if (init.method === "POST") return new Response(null, { status: 202 });
    const signal = init.signal as AbortSignal;
    signal.throwIfAborted();
    const isStream = url.includes("/stream");
    const held = isStream ? this.streams : this.requests;
    held.add(signal);
    signal.addEventListener("abort", () => held.delete(signal));
    this.mostStreams = Math.max(this.mostStreams, this.streams.size);
    this.mostRequests = Math.max(this.mostRequests, this.requests.size);
    const answer = this.#answers.shift() ?? (isStream ? "stream" : "rules");
    const response = await this.#answer(answer, signal);
    // A request is over with its answer, a stream with its end.
    if (!isStream || response.status !== 200) held.delete(signal);
    return response;
  };

  async #answer(answer: Answer, signal: AbortSignal): Promise<Response> {
    switch (answer) {
      case "fails":
        throw new TypeError("fetch failed");
      case "hangs":
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      case "html":
        return new Response("<p>", { headers: { "content-type": "text/html" } });
      case "garbage":
        return new Response("{", { headers: { "content-type": "application/json" } });
      case "rules":
        return Response.json(this.#rules());
      case "stream":
        return new Response(this.#body(signal), { headers: { "content-type": "text/event-stream" } });
      default:
        return new Response(null, { status: answer });
    }
  }

  #body(signal: AbortSignal): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => {
        this.#feed = controller;
        signal.addEventListener("abort", () => {
          try {
            controller.error(signal.reason);
          } catch {
            // It had ended.
          }
        });
      },
    });
  }

  send(text: string): void {
    try {
      this.#feed?.enqueue(new TextEncoder().encode(text));
    } catch {
      // Nobody listens any more.
    }
  }
}

const answer = fc.constantFrom<Answer>(
  "stream",
  "stream",
  "rules",
  "html",
  "garbage",
  "hangs",
  "fails",
  204,
  401,
  404,
  500,
  503,
);
const identity = { epoch: fc.integer({ min: 1, max: 2 }), revision: fc.integer({ min: 1, max: 5 }) };
const rules = fc
  .record({ ...identity, kills: fc.subarray([killOf("a"), killOf("b")]) })
  .map((changes) => rulesetOf({ a: booleanFlag(), b: booleanFlag() }, changes));
const text = fc.oneof(
  rules.map((each) => frame("put", each)),
  fc
    .record({ epoch: identity.epoch, from: fc.nat(5), to: fc.nat(6) })
    .map((each) => frame("patch", { ...each, flags: { a: booleanFlag() }, segments: {} })),
  fc.record({ ...identity, kills: fc.nat(2) }).map((each) => frame("heartbeat", { ...each, digest: "0" })),
  fc.record(identity).map((each) => frame("reload", each)),
  fc.nat(5_000).map((reconnectInMs) => frame("goodbye", { reconnectInMs })),
  fc.constantFrom("event: put\ndata: {\n\n", "event: patch\nda", "\n\n", "event: kill\ndata: null\n\n"),
  fc.constant(frame("lift", { elements: [killOf("b")], kills: 1 })),
);
const event = fc.oneof(
  { weight: 8, arbitrary: text.map((send) => ({ send })) },
  { weight: 3, arbitrary: fc.constantFrom(10, 600, 11_000, 46_000).map((pass) => ({ pass })) },
  { weight: 1, arbitrary: fc.constant({ hurry: true }) },
);
const tick = () => new Promise((resolve) => setImmediate(resolve));

it("whatever a server does, the laws hold", { timeout: 120_000 }, async () => {
  const histories = fc.array(event, { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { maxLength: 4 }), histories, rules, async (answers, events, held) => {
      const time = new VirtualTime();
      const wire = new Wire([...answers], () => held);
      const core = createCore({
        platform: time.platform({ fetch: wire.fetch }),
        connect,
        server: { url: "http://server", headers: {} },
      });
      core.store.kill({ elements: [killOf("a", "for good")] });
      const ready = core.life.ready({ timeoutMs: 5_000 });
      let before = core.life.status();
      for (const each of events) {
        if ("send" in each) wire.send(each.send);
        if ("pass" in each) time.advance(each.pass);
        if ("hurry" in each) core.hurry();
        await tick();
        const now = core.life.status();
        // Never more than one socket: one stream, and beside it at most the request that repairs it.
        expect(wire.streams.size).toBeLessThanOrEqual(1);
        expect(wire.requests.size).toBeLessThanOrEqual(1);
        // One timer a purpose, and always one, since no status is final.
        expect(time.pending).toBeGreaterThanOrEqual(1);
        expect(time.pending).toBeLessThanOrEqual(6);
        // Newer never loses to older within an epoch.
        if (now.epoch === before.epoch) expect(now.revision).toBeGreaterThanOrEqual(before.revision);
        // A kill ends by a lift and by nothing else.
        if (now.source !== "none") expect(core.reads.details("a", {}, true).reason).toBe("killed");
        before = now;
      }
      time.advance(5_000);
      expect(["empty", "live", "stale"]).toContain((await ready).state);
      await core.life.close();
      expect([wire.streams.size, wire.requests.size, time.pending]).toEqual([0, 0, 0]);
    }),
    { numRuns: 200 },
  );
});
