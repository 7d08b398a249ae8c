import { Tooltip } from "@mantine/core";
import { useLive } from "../../lib/live-context.ts";
import type { StreamState } from "../../lib/live-stream.ts";
import classes from "./live-dot.module.css";

const WORDS: Record<StreamState, string> = {
  live: "Live: changes appear by themselves",
  connecting: "Connecting to live changes",
  lost: "Not live: the page may be out of date",
};

export function LiveDot() {
  const { state } = useLive();
  return (
    <Tooltip label={WORDS[state]}>
      <span className={classes.dot} data-state={state} role="img" aria-label={WORDS[state]}>
        {state === "lost" && "Not live"}
      </span>
    </Tooltip>
  );
}
