import { createClient } from "@lanyard/sdk-node";

/** An application with one client: it answers over IPC and reports what its client sees. */
const [url, key] = process.argv.slice(2);
const client = createClient({ url, key });

for (const event of ["kill", "change", "status"]) {
  client.on(event, (detail) => process.send({ seen: { event, at: Date.now(), detail } }));
}

process.on("message", ({ evaluate }) => {
  const on = [];
  const reasons = {};
  for (const user of evaluate.users) {
    const { value, reason } = client.details(evaluate.flag, { targetingKey: user }, false);
    if (value === true) on.push(user);
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  process.send({ answers: { on, reasons } });
});

process.on("SIGTERM", async () => {
  await client.close();
  process.exit(0);
});

await client.ready({ timeoutMs: 10_000 });
process.send({ ready: client.status() });
