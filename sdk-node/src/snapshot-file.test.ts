import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSchedule } from "../../sdk-core/src/schedule.ts";
import {
  booleanFlag,
  killOf,
  next,
  ProtocolPeer,
  permissionFlag,
  rulesetOf,
  valueFlag,
} from "../../sdk-core/src/testing/index.ts";
import { VirtualTime } from "../../sdk-core/src/testing/virtual-time.ts";
import { type Client, type ClientOptions, createClient } from "./index.ts";
import { createSnapshotFile } from "./snapshot-file.ts";

// Some tests start processes, which takes its time where much else runs.
vi.setConfig({ testTimeout: 30_000 });

const KEY = "lyd_srv_test";
const AWAY = "http://127.0.0.1:65533";
let peer: ProtocolPeer;
let folder: string;
let file: string;
let warnings: string[];
const clients: Client[] = [];

function connect(options: Partial<ClientOptions> = {}): Client {
  const logger = { warn: (message: string) => warnings.push(message) };
  const client = createClient({ url: peer.url, key: KEY, snapshotFile: file, logger, ...options });
  clients.push(client);
  return client;
}

beforeEach(async () => {
  warnings = [];
  folder = mkdtempSync(join(tmpdir(), "lanyard-snapshot-"));
  file = join(folder, "deep", "rules.snapshot");
  peer = await ProtocolPeer.start({ a: booleanFlag(), banner: valueFlag("string", "pro") });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await peer.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function remember(): Promise<void> {
  const client = connect();
  await client.ready();
  await client.close();
}

describe("the snapshot file", () => {
  it("answers at once when the server is away, and says how old it is", async () => {
    await remember();
    const client = connect({ url: AWAY });
    expect(client.string("banner", {}, "x")).toBe("pro");
    expect(client.status()).toMatchObject({ state: "cached", source: "cache", revision: 1 });
    expect(client.status().ageMs).toBeGreaterThanOrEqual(0);
    expect(client.status().ageMs).toBeLessThan(60_000);
    expect((await client.ready({ timeoutMs: 50 })).state).toBe("cached");
  });

  it("is readable by its owner only, and leaves no drafts", async () => {
    await remember();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "deep"))).toEqual(["rules.snapshot"]);
    expect(readFileSync(file, "utf8")).not.toContain(KEY);
  });

  it("is written within ten seconds of a change, and within one of a kill", () => {
    const time = new VirtualTime();
    const schedule = createSchedule(time.platform());
    const { plan } = createSnapshotFile(join(folder, "planned"), KEY, () => {});
    let saved = 0;
    const tell = (news: "change" | "kill") => plan?.(news, schedule, () => (saved += 1));
    const savedAfter = (ms: number) => {
      time.advance(ms);
      return saved;
    };
    tell("change");
    expect([savedAfter(9_999), savedAfter(1)]).toEqual([0, 1]);
    tell("change");
    tell("kill");
    expect([savedAfter(999), savedAfter(1), savedAfter(20_000)]).toEqual([1, 2, 2]);
  });

  it("keeps kills over a restart, and lifts too", async () => {
    const client = connect();
    await client.ready();
    peer.kill(killOf("a"), killOf("banner"));
    await next(client, "kill");
    peer.lift(killOf("banner"));
    await next(client, "kill");
    await client.close();
    const bootstrap = rulesetOf({ a: booleanFlag() }, { kills: [killOf("banner")], revision: 0 });
    const later = connect({ url: AWAY, bootstrap });
    expect(later.details("a", {}, true)).toMatchObject({ value: false, reason: "killed" });
    expect(later.string("banner", {}, "x")).toBe("pro");
  });

  it("loses to newer rules that are given, and wins over older ones", async () => {
    await remember();
    const given = (revision: number) => ({
      url: AWAY,
      bootstrap: rulesetOf({ banner: valueFlag("string", "given") }, { revision }),
    });
    expect(connect(given(2)).string("banner", {}, "x")).toBe("given");
    expect(connect(given(0)).string("banner", {}, "x")).toBe("pro");
  });

  it("of another key is nobody's", async () => {
    await remember();
    expect(connect({ url: AWAY, key: "lyd_srv_other" }).status().state).toBe("empty");
  });

  it.each(["", "garbage", "{}", "null", '{"ruleset":{"format":1}}'])(
    "that is damaged (%s) is left aside",
    async (text) => {
      await remember();
      const [owner] = readFileSync(file, "utf8").split("\n");
      writeFileSync(file, `${owner}\n${text}`);
      const client = connect();
      expect(client.status().state).toBe("empty");
      expect(warnings.join()).toContain("damaged");
      expect((await client.ready()).state).toBe("live");
    },
  );

  it("that cannot be written is a warning and no more", async () => {
    writeFileSync(join(folder, "deep"), "in the way");
    await remember();
    expect(warnings.join()).toContain("could not be");
  });

  it("lies in a data folder under a name of its key's own", async () => {
    const options = { dataDir: folder };
    for (const key of ["lyd_srv_one", "lyd_srv_two"]) {
      const client = createClient({ url: peer.url, key, ...options });
      await client.ready();
      await client.close();
    }
    expect(readdirSync(folder).filter((name) => /^lanyard-[0-9a-f]{16}\.snapshot$/.test(name))).toHaveLength(
      2,
    );
  });

  it("carries the age of permissions over a restart", async () => {
    peer.ruleset = rulesetOf({ a: permissionFlag(3_600), b: booleanFlag() });
    await remember();
    const [owner, text] = readFileSync(file, "utf8").split("\n");
    const snapshot = JSON.parse(text ?? "");
    snapshot.contactAt -= 3_600_000;
    writeFileSync(file, `${owner}\n${JSON.stringify(snapshot)}`);
    const client = connect({ url: AWAY });
    expect(client.details("a", {}, true)).toMatchObject({ value: false, reason: "stale" });
    expect(client.boolean("b", {}, false)).toBe(true);
  });

  it("is whole whoever writes it, however many at once", async () => {
    await Promise.all(Array.from({ length: 8 }, remember));
    expect(connect({ url: AWAY }).string("banner", {}, "x")).toBe("pro");
    expect(readdirSync(join(folder, "deep"))).toEqual(["rules.snapshot"]);
  });
});

describe("the process", () => {
  const run = promisify(execFile);
  const script = (code: string) => {
    const source = new URL("./index.ts", import.meta.url).href;
    const text = `import { createClient } from ${JSON.stringify(source)};\n${code}`;
    return run(
      process.execPath,
      ["--conditions=source", "--import", "tsx", "--input-type=module", "-e", text],
      {
        cwd: new URL("..", import.meta.url),
        timeout: 20_000,
      },
    );
  };

  it("is not held open by a client that waits to reconnect", async () => {
    await expect(
      script(`createClient({ url: "${AWAY}", key: "k", logger: { warn() {} } });`),
    ).resolves.toMatchObject({ stderr: "" });
  });

  it("lives until ready has settled, and ends after close", async () => {
    const { stdout } = await script(`
      const away = createClient({ url: "${AWAY}", key: "k", logger: { warn() {} } });
      console.log((await away.ready({ timeoutMs: 700 })).state);
      const client = createClient({ url: "${peer.url}", key: "k" });
      console.log((await client.ready()).state);
      await client.close();
    `);
    expect(stdout).toBe("empty\nlive\n");
  });
});
