import { describe, expect, it } from "vitest";
import { rulesetOf } from "../../sdk-core/src/testing/index.ts";
import { type ClientOptions, createClient } from "./index.ts";

const server = { url: "http://localhost:4242", key: "lyd_srv_x" };

const WRONG: [unknown, string][] = [
  [undefined, "takes an object"],
  [{}, "`url` and `key`, or `bootstrap`, or `file` must be given"],
  [{ url: server.url }, "`key` is missing"],
  [{ key: server.key }, "`url` is missing"],
  [{ ...server, url: "localhost:4242" }, "`url` must be an http or https URL"],
  [{ ...server, url: "http://me:secret@localhost" }, "must not carry credentials"],
  [{ ...server, url: "http://localhost?x=1" }, "must not carry a query"],
  [{ ...server, key: "two\nlines" }, "`key` must be an SDK key"],
  [{ ...server, key: 5 }, "`key` must be an SDK key"],
  [{ ...server, dataDir: "" }, "`dataDir` must be a non-empty string"],
  [{ ...server, dataDir: "a", snapshotFile: "b" }, "exclude each other"],
  [{ ...server, bootstrap: { flags: {} } }, "`bootstrap` must be a ruleset"],
  [{ ...server, hooks: [{}] }, "`hooks` must be a list of hooks"],
  [{ ...server, logger: {} }, "`logger` must have a method `warn`"],
  [{ ...server, mode: "poll" }, '`mode` must be "stream" or "snapshot"'],
  [{ ...server, file: "flags.json" }, "`file` stands in place of `url`"],
  [{ ...server, key: "lyd_cli_x" }, "`key` is a client key"],
  [{ file: "flags.json", mode: "snapshot" }, "`mode` needs a server, which `file` stands in place of"],
  [{ file: "flags.json", snapshotFile: "x" }, "`snapshotFile` needs a server"],
  [{ file: "flags.json", dataDir: "x" }, "`dataDir` needs a server"],
  [{ ...server, pollInterval: 5 }, "`pollInterval` is not an option"],
];

describe("options", () => {
  it.each(WRONG)("%j are refused at once, in words", (options, words) => {
    expect(() => createClient(options as ClientOptions)).toThrow(TypeError);
    expect(() => createClient(options as ClientOptions)).toThrow(words);
  });

  it("name every fault at once", () => {
    expect(() => createClient({ url: "x", key: "", other: 1 } as ClientOptions)).toThrow(/url.*key.*other/);
  });

  it("that are undefined, as from an environment without them, are left out", async () => {
    const absent: Record<keyof ClientOptions, undefined> = {
      url: undefined,
      key: undefined,
      app: undefined,
      bootstrap: undefined,
      mode: undefined,
      file: undefined,
      snapshotFile: undefined,
      dataDir: undefined,
      hooks: undefined,
      logger: undefined,
    };
    const client = createClient({ ...absent, bootstrap: rulesetOf({}) });
    expect(await client.ready({ timeoutMs: undefined })).toMatchObject({ state: "bootstrapped" });
    await client.close();
    expect(() => createClient(absent)).toThrow("must be given");
  });

  it("may leave the server out: then the rules given are all there is", async () => {
    const client = createClient({ bootstrap: rulesetOf({}) });
    expect(await client.ready()).toMatchObject({ state: "bootstrapped", source: "bootstrap", revision: 1 });
    expect(await client.flush()).toBe(true);
    await client.close();
  });
});
