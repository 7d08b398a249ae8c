import type { Status } from "@lanyard/sdk-node";
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
  const lines = [...sdk.requests.flatMap(ofRequest), ...turns(sdk.events)]
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

/** Of all that it saw, when it was in another state or had another error than before. */
function turns(events: readonly Seen[]): Line[] {
  const said = events.filter(({ event }) => event === "status").map(ofStatus);
  return said.filter(({ text }, index) => text !== said[index - 1]?.text);
}

function ofStatus({ at, detail }: Seen): Line {
  const { state, lastError } = detail as Status;
  return { at, text: `is ${state}${lastError ? `, last error: ${lastError.message}` : ""}` };
}
