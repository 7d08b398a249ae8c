import { count, parseDecisions, Tally } from "./tally.ts";

const USERS = 10_000;
const CONCURRENCY = 50;
const REDRAW_MS = 200;

const shopUrl = process.env.SHOP_URL || `http://localhost:${process.env.PORT || 3000}`;
const once = process.argv.includes("--once");
const tally = new Tally();
const startedAt = performance.now();
let stopped = false;

/** Six in ten on the free plan, three on pro, one on enterprise; the same user is always on the same. */
function planOf(n: number): string {
  const tenth = n % 10;
  return tenth < 6 ? "free" : tenth < 9 ? "pro" : "enterprise";
}

async function visit(n: number): Promise<void> {
  const user = `user-${n}`;
  try {
    const headers = { cookie: `user=${user}; plan=${planOf(n)}; cart=rope.lamp` };
    const response = await fetch(`${shopUrl}/cart`, { headers });
    await response.arrayBuffer();
    tally.record(user, parseDecisions(response.headers.get("shop-decisions") ?? ""), new Date());
  } catch {
    tally.failures += 1;
  }
}

/** Sends each user once, so many at a time. */
async function round(): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < USERS && !stopped) await visit(next++);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

let drawn = 0;
let told = 0;

/** Draws over what was drawn before; events stay above. */
function draw(): void {
  const seconds = (performance.now() - startedAt) / 1000;
  const rate = Math.round(tally.requests / seconds);
  const failures = tally.failures > 0 ? `, ${count(tally.failures)} failed` : "";
  const lines = [
    `${count(USERS)} users at ${shopUrl}: ${count(tally.requests)} requests, ${count(rate)} a second${failures}`,
    ...tally.lines(),
  ];
  const events = tally.events.slice(told).map(({ at, text }) => `${at.toISOString().slice(11, 23)}  ${text}`);
  told = tally.events.length;
  const inPlace = process.stdout.isTTY === true;
  if (inPlace && drawn > 0) process.stdout.write(`\x1b[${drawn}A\x1b[J`);
  process.stdout.write(`${[...events, ...lines].join("\n")}\n`);
  drawn = lines.length;
}

async function run(): Promise<void> {
  const reachable = await fetch(`${shopUrl}/style.css`).then(
    (response) => response.ok,
    () => false,
  );
  if (!reachable) {
    console.error(`There is no shop at ${shopUrl}. Start it with: npm run shop`);
    process.exitCode = 1;
    return;
  }
  // Where the output is no terminal, a line now and then is better than a film.
  const redraw = setInterval(draw, process.stdout.isTTY ? REDRAW_MS : 5_000);
  process.once("SIGINT", () => {
    stopped = true;
  });
  do await round();
  while (!once && !stopped);
  clearInterval(redraw);
  draw();
}

await run();
