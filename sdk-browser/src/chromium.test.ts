import { afterAll, beforeAll, expect, it } from "vitest";
import { booleanFlag, killOf, ProtocolPeer } from "../../sdk-core/src/testing/index.ts";
import { openPage, type ReportingPage } from "./testing/chromium.ts";

/** Reports what it sees; the answer to a report says what to do next. */
const APP = `
  import { createClient } from "./index.ts";
  const client = createClient({ url: PEER, key: "lyd_cli_test", context: { targetingKey: "ada" } });
  const tell = async (step) => {
    const { value, reason } = client.details("checkout", false);
    const seen = { step, value, reason, cookies: document.cookie, ...client.status() };
    if ((await report(seen)) === "reload") location.reload();
  };
  document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => tell(violatedDirective));
  client.on("kill", () => tell("kill"));
  client.on("status", ({ state }) => state === "cached" && tell("offline"));
  client.ready({ timeoutMs: 15000 }).then(() => tell("ready"));
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
let page: ReportingPage<Report>;

beforeAll(async () => {
  peer = await ProtocolPeer.start({ checkout: booleanFlag() });
  page = await openPage({ app: APP, define: { PEER: peer.url }, connect: peer.url });
});

afterAll(async () => {
  page?.close();
  await peer.stop();
});

it("works in Chromium from another origin, under a strict policy: live, killed, and from storage", async () => {
  expect(await page.next()).toMatchObject({
    step: "ready",
    value: true,
    state: "live",
    source: "stream",
    cookies: "",
  });

  const killed = page.next();
  const since = performance.now();
  peer.kill(killOf("checkout"));
  expect(await killed).toMatchObject({ step: "kill", value: false, reason: "killed" });
  console.log(`kill seen and reported by the page after ${(performance.now() - since).toFixed(1)} ms`);

  // The page goes away: its usage arrives and its rules are kept. One that is back before the server is gone reloads again.
  const later = page.next();
  page.answer = "reload";
  peer.kill(killOf("nothing"));
  await later;
  await peer.until(() => peer.batches.size > 0);
  peer.misbehave = (_, response) => Boolean(response.destroy());
  const offline = page.next(({ step }) => step === "offline");
  expect(await offline).toMatchObject({ value: false, reason: "killed", state: "cached", source: "cache" });
  expect(page.reports.filter(({ step }) => step.includes("-src"))).toEqual([]);
});
