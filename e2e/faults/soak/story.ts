import type { Asked, Seen } from "../../support/sdk-process.ts";
import type { Reader } from "../support/cluster.ts";
import type { Recovery } from "./recovering.ts";

/** What was broken, from when to when. */
export interface Broken {
  readonly faults: string[];
  readonly at: number;
  wholeAt: number;
}

interface Line {
  at: number;
  text: string;
}

/** What an SDK did for so long before the fault explains what it does after. */
const BEFORE_MS = 30_000;

/** The faults before a slow recovery, and what the SDKs did that were late. */
export function tellSlow({ faults, at, wholeAt }: Broken, { nodesMs, late }: Recovery): string {
  const title = `${faults.join(" and ")}: whole after ${wholeAt - at} ms, nodes ${nodesMs} ms later`;
  return [title, ...late.map(({ reader, ms }) => `  late by ${ms} ms: ${tellStory(reader, at)}`)].join("\n");
}

/** What an SDK saw, asked for and was answered, in lines that begin with seconds after `zero`. */
function tellStory({ name, sdk }: Reader, zero: number): string {
  const lines = [...sdk.requests.flatMap(ofRequest), ...sdk.events.map(ofEvent)]
    .filter(({ at }) => at >= zero - BEFORE_MS)
    .sort((one, other) => one.at - other.at)
    .map(({ at, text }) => `    ${((at - zero) / 1_000).toFixed(2).padStart(6)} s  ${text}`);
  return [name, ...lines].join("\n");
}

function ofRequest({ path, at, endedAt, outcome }: Asked): Line[] {
  const asked = { at, text: `asks ${path}` };
  if (endedAt === undefined) return [asked];
  return [asked, { at: endedAt, text: `${path} → ${outcome} after ${endedAt - at} ms` }];
}

function ofEvent({ event, at, detail }: Seen): Line {
  if (event !== "status") return { at, text: event };
  const { state, revision, lastError } = detail as {
    state: string;
    revision: number;
    lastError?: { message: string };
  };
  return { at, text: `is ${state} at ${revision}${lastError ? `, last error: ${lastError.message}` : ""}` };
}
