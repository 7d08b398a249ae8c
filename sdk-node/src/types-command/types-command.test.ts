import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Flag } from "@lanyard/evaluation";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { booleanFlag, ProtocolPeer, valueFlag } from "../../../sdk-core/src/testing/index.ts";
import { readArguments } from "./arguments.ts";
import { declarationsOf, declareTheSame } from "./declarations.ts";

// Other programs are started, which takes its time where much else runs.
vi.setConfig({ testTimeout: 60_000 });

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

function rulesetWith(flags: Record<string, Flag>, revision = 1) {
  return { format: 1 as const, environmentId: "env_1", epoch: 1, revision, flags, segments: {}, kills: [] };
}

describe("the declarations", () => {
  const ruleset = rulesetWith({
    theme: { ...valueFlag("json", {}), audience: "server" },
    "a-flag": booleanFlag(),
  });

  it("tell each client the flags that it can see, in order", () => {
    const text = declarationsOf(ruleset, ["node", "browser"]);
    const [, node = "", browser = ""] = text.split("declare module");
    expect(node).toContain('"a-flag": "boolean";\n    "theme": "json";');
    expect(browser).toContain('"a-flag": "boolean";');
    expect(browser).not.toContain("theme");
  });

  it("differ by keys and types, not by revision", () => {
    const of = (flags: Record<string, Flag>, revision: number) =>
      declarationsOf(rulesetWith(flags, revision), ["node"]);
    expect(declareTheSame(of({ a: booleanFlag() }, 1), of({ a: booleanFlag() }, 9))).toBe(true);
    expect(declareTheSame(of({ a: booleanFlag() }, 1), of({ a: valueFlag("string", "x") }, 1))).toBe(false);
    expect(declareTheSame(of({ a: booleanFlag() }, 1), of({}, 1))).toBe(false);
  });
});

it("names every fault of a call", () => {
  expect(() => readArguments(["types", "--for", "moon", "--key", "k"], {})).toThrow(
    "--out is missing\n--for moon: it is node or browser\n--url is missing",
  );
  expect(() => readArguments(["types", "--out", "f", "--url", "http://x", "--key", "lyd_cli_x"], {})).toThrow(
    "--key is a client key",
  );
  expect(() => readArguments(["types", "--out", "f", "--url", "http://me:x@y", "--key", "k"], {})).toThrow(
    "--url must not carry credentials",
  );
  expect(() => readArguments(["flags", "--out", "f", "--ruleset", "r"], {})).toThrow(
    "the command is `types`",
  );
  const kept = ["types", "--out", "f", "--ruleset", "r"];
  const env = { LANYARD_URL: "http://x/", LANYARD_KEY: "k" };
  expect(() => readArguments([...kept, "--url", "http://x", "--save-ruleset", "s", "--check"], env)).toThrow(
    "--url is of a server, not of --ruleset\n--save-ruleset is of a server, not of --ruleset\n--check writes nothing",
  );
  expect(readArguments(kept, env)).toMatchObject({ from: { ruleset: "r" } });
  expect(readArguments(["types", "--out", "f"], env)).toMatchObject({ from: { url: "http://x", key: "k" } });
});

describe("the command", () => {
  let folder: string;
  let peer: ProtocolPeer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lanyard-types-"));
    peer = await ProtocolPeer.start({ "new-checkout": booleanFlag() });
  });

  afterAll(async () => {
    await peer.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const lanyard = (...args: string[]) =>
    run(process.execPath, ["--conditions=source", "--import", "tsx", MAIN, "types", ...args]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );

  it("writes what a server has, and fails a check once that is another", async () => {
    const out = join(folder, "flags.d.ts");
    const call = ["--out", out, "--url", peer.url, "--key", "k"];
    expect(await lanyard(...call, "--check")).toMatchObject({ code: 1 });
    expect(await lanyard(...call)).toMatchObject({ code: 0 });
    expect(readFileSync(out, "utf8")).toContain('"new-checkout": "boolean";');
    expect(await lanyard(...call, "--check")).toMatchObject({ code: 0 });
    const kept = join(folder, "ruleset.json");
    writeFileSync(kept, JSON.stringify(rulesetWith({ other: booleanFlag() })));
    const { code, stderr } = await lanyard("--out", out, "--ruleset", kept, "--check");
    expect([code, stderr]).toEqual([1, expect.stringContaining("is not what the flags are")]);
  });

  it("keeps the ruleset that it read, from which a check goes on saying the same", async () => {
    const out = join(folder, "kept.d.ts");
    const kept = join(folder, "kept.json");
    const server = ["--url", peer.url, "--key", "k"];
    expect(await lanyard("--out", out, ...server, "--save-ruleset", kept)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(kept, "utf8"))).toEqual(peer.ruleset);
    peer.commit({ added: booleanFlag() });
    expect(await lanyard("--out", out, ...server, "--check")).toMatchObject({ code: 1 });
    expect(await lanyard("--out", out, "--ruleset", kept, "--check")).toMatchObject({ code: 0 });
    peer.commit({ added: null });
  });

  it("tells how it is called", async () => {
    expect(await lanyard("--help")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("usage: lanyard types"),
    });
  });

  it("asks whether a host that answers otherwise is a Lanyard server", async () => {
    peer.misbehave = (_, response) => Boolean(response.writeHead(200).end("<html>"));
    const { code, stderr } = await lanyard("--out", "x", "--url", peer.url, "--key", "k");
    peer.misbehave = () => false;
    expect([code, stderr]).toEqual([1, expect.stringContaining("is it a Lanyard server?")]);
  });

  it("says in words what went wrong", async () => {
    const { code, stderr } = await lanyard("--out", "x", "--url", "http://127.0.0.1:1", "--key", "k");
    expect([code, stderr]).toEqual([1, expect.stringContaining("cannot be reached")]);
    expect(await lanyard()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("usage: lanyard types"),
    });
  });
});
