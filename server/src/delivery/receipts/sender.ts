import type { IncomingHttpHeaders } from "node:http";
import type { Audience } from "../ruleset/index.ts";
import type { SdkActor } from "../sdk-actor.ts";

const INSTANCE_ID = /^[\w-]{8,64}$/;
const SDK = /^[\w.@/+-]{1,64}$/;

/** Who calls. A page has no instance: its key is public, so it counts as one of many, and nobody can make instances up. */
export interface Sender {
  environmentId: string;
  audience: Audience;
  instance: string | undefined;
  sdk: string | null;
}

export function senderOf(headers: IncomingHttpHeaders, { environmentId, audience }: SdkActor): Sender {
  return {
    environmentId,
    audience,
    instance: audience === "server" ? header(headers, "lanyard-instance", INSTANCE_ID) : undefined,
    sdk: header(headers, "lanyard-sdk", SDK) ?? null,
  };
}

/** Undefined when it is not said, or not in a way that fits. */
function header(headers: IncomingHttpHeaders, name: string, pattern: RegExp): string | undefined {
  const value = headers[name];
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}
