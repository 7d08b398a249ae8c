import type { FlagState } from "@lanyard/contract";
import { type StateSummary, summarise } from "../lib/flag-state.ts";
import classes from "./state-badge.module.css";

/** Shape of a state: full disc, part of a disc, ring, octagon. It reads without colour. */
export function StateGlyph({ summary, size = 14 }: { summary: StateSummary; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      aria-hidden="true"
      className={classes.glyph}
    >
      {summary.kind === "killed" && (
        <>
          <path d="M5.1.8h5.8l4.3 4.3v5.8l-4.3 4.3H5.1L.8 10.9V5.1z" fill="currentColor" />
          <path d="M4.4 8h7.2" className={classes.bar} strokeWidth="2.4" strokeLinecap="round" />
        </>
      )}
      {summary.kind === "on" && (
        <>
          <circle cx="8" cy="8" r="7.2" fill="currentColor" />
          <path
            d="m4.9 8.3 2.2 2.2 4-4.5"
            className={classes.tick}
            strokeWidth="1.9"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )}
      {summary.kind === "partial" && <PartialDisc share={summary.share} />}
      {summary.kind === "off" && <circle cx="8" cy="8" r="6.2" stroke="currentColor" strokeWidth="1.8" />}
    </svg>
  );
}

function PartialDisc({ share }: { share: number }) {
  const around = 2 * Math.PI * 3.1;
  return (
    <>
      <circle cx="8" cy="8" r="6.6" stroke="currentColor" strokeWidth="1.6" />
      {share > 0 ? (
        <circle
          cx="8"
          cy="8"
          r="3.1"
          stroke="currentColor"
          strokeWidth="6.2"
          strokeDasharray={`${Math.max(0.06, share) * around} ${around}`}
          transform="rotate(-90 8 8)"
        />
      ) : (
        <circle cx="8" cy="8" r="2.3" fill="currentColor" />
      )}
    </>
  );
}

interface StateBadgeProps {
  state: Pick<FlagState, "on" | "kills" | "serves" | "rules" | "targets">;
  off: string;
  size?: "sm" | "md" | "lg";
  /** Also say what the word leaves out. */
  withDetail?: boolean;
}

export function StateBadge({ state, off, size = "md", withDetail = false }: StateBadgeProps) {
  const summary = summarise(state, off);
  const glyph = size === "lg" ? 18 : size === "md" ? 14 : 12;
  return (
    <span className={classes.group}>
      <span className={classes.badge} data-kind={summary.kind} data-size={size}>
        <StateGlyph summary={summary} size={glyph} />
        {summary.word}
      </span>
      {withDetail && summary.detail && <span className={classes.detail}>{summary.detail}</span>}
    </span>
  );
}
