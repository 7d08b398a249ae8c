import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { booleanFlag, ProtocolPeer } from "../../sdk-core/src/testing/index.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const TSUP = join(PACKAGE, "../node_modules/.bin/tsup");
const FORKING = fileURLToPath(new URL("./testing/forking.mjs", import.meta.url));

let folder: string;
let application: string;
let peer: ProtocolPeer;

/** Built, since a worker thread does not read TypeScript. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lanyard-fork-"));
  application = join(folder, "forking.mjs");
  cpSync(FORKING, application);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  await promisify(execFile)(TSUP, ["--no-dts", "--out-dir", join(folder, "dist")], { cwd: PACKAGE });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  peer = await ProtocolPeer.start({ a: booleanFlag() });
});

afterEach(() => peer.stop());

/** What each instance counted. */
function counts(): number[] {
  const sums = new Map<unknown, number>();
  for (const { headers, body } of peer.requests("/sdk/v1/events")) {
    const { usage } = JSON.parse(body) as { usage: { count: number }[] };
    const instance = headers["lanyard-instance"];
    sums.set(
      instance,
      usage.reduce((sum, { count }) => sum + count, sums.get(instance) ?? 0),
    );
  }
  return [...sums.values()].sort();
}

it.each(["child_process.fork", "cluster.fork", "Worker"])(
  "%s: each has a client of its own, with its own stream, counts and end",
  { timeout: 60_000 },
  async (way) => {
    const first = fork(application, [peer.url, join(folder, way), way]);
    onTestFinished(() => void first.kill("SIGKILL"));
    const ended = once(first, "exit");
    await peer.until(() => peer.requests("/sdk/v1/stream").length === 2);
    await peer.until(() => counts().length === 1 && peer.streams.size === 1);
    expect(counts()).toEqual([5]);
    // The second is gone; the first goes on by what was its stream all along.
    peer.change({ a: booleanFlag({ on: false }) });
    expect(await ended).toEqual([0, null]);
    expect(peer.requests("/sdk/v1/stream")).toHaveLength(2);
    expect(peer.mostStreams).toBe(2);
    expect(counts()).toEqual([3, 5]);
  },
);
