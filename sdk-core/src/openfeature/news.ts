import type { ClientLife } from "../client.ts";
import type { Platform } from "../platform.ts";
import type { Status } from "../status.ts";

/** What a provider emits. */
export type News =
  | { type: "ready" }
  | { type: "stale" | "error"; message: string }
  | { type: "changed"; flagsChanged: string[] };

/** Where a provider stands, as its events told. */
type Standing = "ready" | "stale" | "error";

/** Turns a client's life into a provider's events: what OpenFeature has been told, and what it has to hear next. */
export interface Teller {
  /** What OpenFeature has concluded by itself; tells whatever is otherwise. */
  assume(standing: Standing): void;
  stop(): void;
}

/** `begun`: what OpenFeature knows already, from how `initialize` ended. */
export function tellOf(
  client: Pick<ClientLife, "status" | "on">,
  after: Platform["after"],
  graceMs: number,
  begun: Standing,
  tell: (news: News) => void,
): Teller {
  let told = begun;
  let stopWaiting: (() => void) | undefined;

  function say(standing: Standing): void {
    told = standing;
    if (standing === "ready") tell({ type: standing });
    else tell({ type: standing, message: client.status().lastError?.message ?? "contact was lost" });
  }

  function look(status: Status): void {
    const standing = standingOf(status);
    if (standing !== "stale") {
      stopWaiting?.();
      stopWaiting = undefined;
      if (standing !== undefined && standing !== told) say(standing);
      return;
    }
    if (told === "ready") say("stale");
    if (told === "stale") stopWaiting ??= after(graceMs, () => say("error"));
  }

  const ends = [
    client.on("status", look),
    client.on("change", ({ keys }) => tell({ type: "changed", flagsChanged: keys })),
  ];
  look(client.status());
  return {
    assume(standing) {
      told = standing;
      look(client.status());
    },
    stop() {
      stopWaiting?.();
      for (const end of ends) end();
    },
  };
}

/** `undefined`: nothing to tell. Rules that no server has confirmed are old as soon as none can be reached. */
function standingOf({ state, lastError }: Status): Standing | undefined {
  switch (state) {
    case "live":
      return "ready";
    case "bootstrapped":
    case "cached":
      return lastError ? "stale" : "ready";
    case "stale":
      return "stale";
    case "empty":
      return "error";
    case "closed":
      return undefined;
  }
}
