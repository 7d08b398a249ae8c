import type { ServerResponse } from "node:http";
import { frame, type Misbehaviour, rulesetOf } from "./protocol-peer.ts";

/** Answers requests for the stream in place of the peer. */
export const onStream =
  (answer: (response: ServerResponse) => void): Misbehaviour =>
  ({ path }, response) => {
    if (path !== "/sdk/v1/stream") return false;
    answer(response);
    return true;
  };

export const statusOf = (code: number, headers = {}) =>
  onStream((response) => response.writeHead(code, headers).end());
const body = (text: string | Uint8Array) =>
  onStream((response) => response.writeHead(200, { "content-type": "text/event-stream" }).end(text));

/** Says a byte now and then, and never all of it. */
export function drip(response: ServerResponse, code: number, type: string, begin: string): true {
  response.writeHead(code, { "content-type": type }).write(begin);
  const dripping = setInterval(() => response.write(" "), 100);
  response.on("close", () => clearInterval(dripping));
  return true;
}

/** Says more and more, as fast as it is read. */
function pour(response: ServerResponse, code: number, type: string, begin: string): true {
  response.writeHead(code, { "content-type": type }).write(begin);
  const piece = "x".repeat(10_000);
  const more = (): void => {
    while (response.write(piece));
  };
  response.on("drain", more);
  more();
  return true;
}

const PROBLEM = "application/problem+json";
/** As a server says why it refuses. */
export const refusal =
  (detail: unknown): Misbehaviour =>
  (_, response) =>
    Boolean(
      response.writeHead(403, { "content-type": PROBLEM }).end(JSON.stringify({ status: 403, detail })),
    );

/** As what stands between a guest and the network answers, whatever is asked. */
const signIn: Misbehaviour = (_, response) =>
  Boolean(response.writeHead(200, { "content-type": "text/html" }).end("<p>Sign in"));
/** What a server may do, and what the status then says. */
export const FAULTS: Record<string, [Misbehaviour, string]> = {
  "answers 401": [statusOf(401), "answered 401"],
  "answers 403": [statusOf(403), "answered 403"],
  "answers 404": [statusOf(404), "answered 404"],
  "answers 500": [statusOf(500), "answered 500"],
  "answers 204": [statusOf(204), "answered 204"],
  "redirects for ever": [statusOf(302, { location: "/sdk/v1/stream" }), "redirect"],
  "answers with another content type": [signIn, "got text/html"],
  "does not answer": [onStream(() => {}), "the server has gone quiet"],
  "drips a frame": [
    onStream((response) => drip(response, 200, "text/event-stream", "event: put\ndata: {")),
    "the server has gone quiet",
  ],
  "drips the rules in place of the stream": [
    (_, response) => drip(response, 200, "application/json", "{"),
    "the server has gone quiet",
  ],
  "drips the reason of an error": [(_, response) => drip(response, 500, PROBLEM, "{"), "answered 500"],
  "says why it refuses": [refusal("the origin is another"), "the server answered 403: the origin is another"],
  "says nothing that is a reason": [refusal({ reason: 5 }), "answered 403"],
  "never comes to the end of a reason": [
    onStream((response) => pour(response, 403, PROBLEM, '{"detail":"')),
    "answered 403",
  ],
  "refuses and then falls silent": [
    onStream((response) => response.writeHead(403, { "content-type": PROBLEM }).flushHeaders()),
    "the server has gone quiet",
  ],
  "resets the connection": [onStream((response) => response.destroy()), ""],
  "ends at once": [body(""), "the stream ended"],
  "sends half a frame": [body('event: put\ndata: {"format":1,"fla'), "the stream ended"],
  "sends a frame that is not JSON": [body("event: put\ndata: <html>\n\n"), "damaged put"],
  "sends a poisoned ruleset": [
    body(frame("put", { ...rulesetOf({}), flags: { a: { variations: 3 } } })),
    "damaged put",
  ],
  "sends a ruleset without kills": [
    body(frame("put", { ...rulesetOf({}), kills: undefined })),
    "damaged put",
  ],
  "sends a ruleset of tomorrow": [body(frame("put", { ...rulesetOf({}), format: 2 })), "newer than this SDK"],
  "sends bytes that are no text": [body(Uint8Array.from([0x64, 0x61, 0xff, 0xfe, 0x0a])), ""],
  "sends a kill of nothing": [body(frame("kill", { elements: [null], kills: 1 })), "damaged kill"],
  "sends a heartbeat first": [
    body(frame("heartbeat", { epoch: 9, revision: 1, kills: 0, digest: "" })),
    "a change is missing",
  ],
};
