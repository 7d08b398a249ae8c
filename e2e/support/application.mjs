import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createClient } from "@lanyard/sdk-node";

/** How often the answers are looked at when nothing has announced a change. */
const LOOK_EVERY_MS = 25;

/** An application with one client: it answers over IPC and reports what its client sees. */
const { readyMs, ...options } = JSON.parse(process.argv[2]);
const warnings = [];
globalThis.fetch = telling(globalThis.fetch);
const client = createClient({ ...options, logger: { warn: (message) => warnings.push(message) } });
const answered = new Map();
let watched = [];

for (const event of ["kill", "change", "status"]) {
  client.on(event, (detail) => {
    process.send({ seen: { event, at: Date.now(), detail } });
    look();
  });
}

/** As `fetch`, and reports what is asked and what comes of it. */
function telling(fetch) {
  let number = 0;
  return async (url, init) => {
    number += 1;
    const id = number;
    const tell = (news) => process.send({ request: { id, at: Date.now(), ...news } });
    tell({ path: new URL(url).pathname });
    try {
      const answer = await fetch(url, init);
      tell({ outcome: String(answer.status) });
      return answer;
    } catch (error) {
      tell({ outcome: String(error.cause?.message || error.cause?.code || error.message) });
      throw error;
    }
  };
}

/** Reports every answer that is another than the last one. */
function look() {
  for (const { flag, users, fallback } of watched) {
    const answer = users.map((user) => answerOf(flag, user, fallback)).join(" ");
    if (answered.get(flag) === answer) continue;
    answered.set(flag, answer);
    process.send({ answered: { flag, answer, at: Date.now() } });
  }
}

function answerOf(flag, user, fallback) {
  const { variation, reason } = client.details(flag, { targetingKey: user }, fallback);
  return variation ?? reason;
}

function evaluate({ flag, users }) {
  const on = [];
  const reasons = {};
  for (const user of users) {
    const { value, reason } = client.details(flag, { targetingKey: user }, false);
    if (value === true) on.push(user);
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return { on, reasons };
}

function heapBytes() {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

const answers = {
  evaluate: (what) => process.send({ answers: evaluate(what) }),
  watch(what) {
    watched = what;
    look();
    process.send({ watching: true });
  },
  status: () => process.send({ status: { ...client.status(), warnings } }),
  heap: () => process.send({ heap: heapBytes() }),
};

process.on("message", (message) => {
  for (const [name, what] of Object.entries(message)) answers[name](what);
});

process.on("SIGTERM", async () => {
  await client.close();
  process.exit(0);
});

setInterval(look, LOOK_EVERY_MS).unref();
await client.ready({ timeoutMs: readyMs });
process.send({ ready: client.status() });
