import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSseParser } from "./sse.ts";

function parse(...chunks: string[]): [string, string][] {
  const events: [string, string][] = [];
  const feed = createSseParser((event, data) => events.push([event, data]));
  for (const chunk of chunks) feed(chunk);
  return events;
}

describe("server-sent events", () => {
  it("reads every kind of line end, comments, ids and lines without a space", () => {
    expect(parse("event: put\ndata: 1\n\n")).toEqual([["put", "1"]]);
    expect(parse("event:put\r\ndata:1\r\n\r\n")).toEqual([["put", "1"]]);
    expect(parse("event: put\rid: 1:2\rdata: 1\r\r")).toEqual([["put", "1"]]);
    expect(parse(": comment\nretry: 10\ndata: a\ndata: b\n\n")).toEqual([["message", "a\nb"]]);
  });

  it("emits nothing without data and forgets the name with it", () => {
    expect(parse("event: put\n\ndata: 1\n\n")).toEqual([["message", "1"]]);
    expect(parse("event: put\ndata: half")).toEqual([]);
  });

  it("reads the same however the text is cut", () => {
    const event = fc.tuple(fc.constantFrom("put", "kill", ""), fc.stringMatching(/^[ -~äé日]{0,20}$/));
    const ends = fc.constantFrom("\n", "\r\n", "\r");
    const cuts = fc.array(fc.nat(200), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), ends, cuts, (events, end, at) => {
        const text = events.map(([name, data]) => `event: ${name}${end}data: ${data}${end}${end}`).join("");
        const edges = [0, ...at.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const chunks = edges.slice(1).map((edge, i) => text.slice(edges[i], edge));
        expect(parse(...chunks)).toEqual(events.map(([name, data]) => [name || "message", data]));
      }),
      { numRuns: 300 },
    );
  });

  it("reads a long event that comes in many pieces in linear time", () => {
    const piece = "x".repeat(1_000);
    const events: number[] = [];
    const feed = createSseParser((_, data) => events.push(data.length));
    feed("data: ");
    for (let i = 0; i < 20_000; i++) feed(piece);
    feed("\n\n");
    expect(events).toEqual([20_000_000]);
  });

  it("refuses an event without end", () => {
    const feed = createSseParser(() => {});
    const piece = "x".repeat(8 * 1024 * 1024);
    expect(() => {
      for (let i = 0; i < 10; i++) feed(piece);
    }).toThrow("too long");
  });
});
