// A flood from strangers: wrong passwords, guessed kill tokens, and usage from a key that may send it.
import { randomBytes, randomUUID } from "node:crypto";

const { url, key } = JSON.parse(process.argv[2]);
const AT_ONCE = 8;
const answers = {};

const json = (body, headers = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
const guess = () => randomBytes(24).toString("base64url");
const requests = {
  "sign-in": () => ["/api/v1/session", json({ email: `${guess()}@example.com`, password: guess() })],
  "kill token": () => [
    "/api/v1/kills",
    json(
      { project: "web", environments: ["development"], flags: ["cord"], reason: "guess" },
      { authorization: `Bearer lyd_kill_${guess()}` },
    ),
  ],
  events: () => [
    "/sdk/v1/events",
    json(
      {
        batchId: randomUUID(),
        usage: [{ flag: "dial", variation: "n0", reason: "fallthrough", count: 1 }],
      },
      { authorization: `Bearer ${key}` },
    ),
  ],
};

async function send(name) {
  const [path, init] = requests[name]();
  const { status, body } = await fetch(url + path, init);
  await body?.cancel();
  const kind = `${name} ${status}`;
  answers[kind] = (answers[kind] ?? 0) + 1;
}

for (const name of Object.keys(requests))
  for (let index = 0; index < AT_ONCE; index += 1)
    void (async () => {
      for (;;) await send(name).catch(() => {});
    })();

process.on("message", () => process.send({ answers }));
process.on("disconnect", () => process.exit(0));
