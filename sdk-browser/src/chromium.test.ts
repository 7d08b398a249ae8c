import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { booleanFlag, killOf, ProtocolPeer } from "../../sdk-core/src/testing/index.ts";

/** Reports what it sees; the answer to a report says what to do next. */
const APP = `
  import { createClient } from "./index.ts";
  const client = createClient({ url: PEER, key: "lyd_cli_test", context: { targetingKey: "ada" } });
  const report = async (step) => {
    const { value, reason } = client.details("checkout", false);
    const body = JSON.stringify({ step, value, reason, cookies: document.cookie, ...client.status() });
    const response = await fetch("/report", { method: "POST", body });
    if ((await response.text()) === "reload") location.reload();
  };
  document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => report(violatedDirective));
  client.on("kill", () => report("kill"));
  client.ready({ timeoutMs: 3000 }).then(() => report("ready"));
`;

type Report = {
  step: string;
  value: boolean;
  reason: string;
  state: string;
  source: string;
  cookies: string;
};

let peer: ProtocolPeer;
let site: Server;
let browser: ChildProcess;
let profile: string;
let answer = "";
let hear: (report: Report) => void = () => {};
const reports: Report[] = [];

const nextReport = () => new Promise<Report>((resolve) => (hear = resolve));

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: APP, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    minify: true,
    define: { PEER: JSON.stringify(peer.url) },
  });
  return outputFiles[0]?.text ?? "";
}

function serve(script: string): Server {
  const policy = `default-src 'none'; script-src 'self'; connect-src 'self' ${peer.url}; require-trusted-types-for 'script'`;
  const send = (response: ServerResponse, type: string, body: string): void => {
    response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(body);
  };
  return createServer((request, response) => {
    if (request.url === "/app.js") send(response, "text/javascript", script);
    else if (request.url === "/report")
      void text(request)
        .then(heard)
        .then(() => response.end(answer));
    else send(response, "text/html", '<!doctype html><script type="module" src="/app.js"></script>');
  });
}

function heard(body: string): void {
  const report: Report = JSON.parse(body);
  reports.push(report);
  hear(report);
}

beforeAll(async () => {
  peer = await ProtocolPeer.start({ checkout: booleanFlag() });
  site = serve(await bundle());
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  profile = mkdtempSync(join(tmpdir(), "lanyard-chromium-"));
});

afterAll(async () => {
  // Its helpers are in its group and must go with it.
  if (browser?.pid) process.kill(-browser.pid, "SIGKILL");
  await peer.stop();
  site.closeAllConnections();
  site.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
});

it("works in Chromium from another origin, under a strict policy: live, killed, and from storage", async () => {
  const ready = nextReport();
  const url = `http://localhost:${(site.address() as AddressInfo).port}/`;
  const flags = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    `--user-data-dir=${profile}`,
  ];
  browser = spawn(process.env.CHROMIUM_PATH ?? "chromium", [...flags, url], {
    detached: true,
    stdio: "ignore",
  });
  const unable = new Promise<never>((_, reject) => browser.once("error", reject));
  expect(await Promise.race([ready, unable])).toMatchObject({
    step: "ready",
    value: true,
    state: "live",
    source: "stream",
    cookies: "",
  });

  const killed = nextReport();
  const since = performance.now();
  peer.kill(killOf("checkout"));
  expect(await killed).toMatchObject({ step: "kill", value: false, reason: "killed" });
  console.log(`kill seen and reported by the page after ${(performance.now() - since).toFixed(1)} ms`);

  // The page goes away: its usage arrives and its rules are kept.
  const later = nextReport();
  answer = "reload";
  peer.kill(killOf("nothing"));
  await later;
  await peer.until(() => peer.batches.size > 0);
  answer = "";
  peer.misbehave = (_, response) => Boolean(response.destroy());
  peer.cut();
  let offline = await nextReport();
  while (offline.step !== "ready" || offline.source === "stream") offline = await nextReport();
  expect(offline).toMatchObject({ value: false, reason: "killed", state: "cached", source: "cache" });
  expect(reports.filter(({ step }) => step.includes("-src"))).toEqual([]);
}, 60_000);
