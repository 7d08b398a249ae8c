import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Instances } from "./instances.ts";
import { type SilenceWatch, type Stream, watchSilence } from "./silence.ts";

let now = 0;
let missed = false;
let instances: Instances;
let watch: SilenceWatch;

class CountedStream implements Stream {
  readonly openedAt = now;
  frames: string[] = [];
  isCut = false;
  write(frame: Buffer) {
    this.frames.push(frame.toString());
  }
  cut() {
    this.isCut = true;
  }
}

const pass = (ms: number) => {
  now += ms;
  vi.advanceTimersByTime(ms);
};
const say = (id: string) =>
  instances.note("env", { id, app: null, host: null, sdk: null, epoch: 1, revision: 1 });

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  missed = false;
  instances = new Instances(() => now);
  watch = watchSilence({ instances, mayHaveMissed: () => missed, now: () => now });
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

test("a stream whose instance has fallen silent is ended within a minute, politely", () => {
  const stream = new CountedStream();
  watch.opened("env", "i-1", stream);
  say("i-1");
  for (let seconds = 0; seconds < 50; seconds += 5) pass(5_000);
  expect(stream.isCut).toBe(false);
  pass(5_000);
  pass(5_000);
  expect(stream.isCut).toBe(true);
  expect(stream.frames).toEqual([expect.stringContaining("event: goodbye")]);
});

test("who goes on saying words is left alone, and so is who never said one on this stream", () => {
  say("never-here");
  pass(1);
  const [talks, mute] = [new CountedStream(), new CountedStream()];
  watch.opened("env", "talks", talks);
  watch.opened("env", "never-here", mute);
  for (let turn = 0; turn < 20; turn++) {
    say("talks");
    pass(25_000);
  }
  expect([talks.isCut, mute.isCut]).toEqual([false, false]);
});

test("nobody pays for words that may have been lost", () => {
  const stream = new CountedStream();
  watch.opened("env", "i-1", stream);
  say("i-1");
  missed = true;
  pass(120_000);
  expect(stream.isCut).toBe(false);
  missed = false;
  pass(5_000);
  expect(stream.isCut).toBe(true);
});
