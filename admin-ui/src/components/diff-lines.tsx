import { IconArrowsExchange, IconFlag, IconFlagOff, IconMinus, IconPlus } from "@tabler/icons-react";
import type { DiffLine } from "../lib/describe/describe-diff.ts";
import classes from "./diff-lines.module.css";

const ICONS = {
  add: IconPlus,
  remove: IconMinus,
  change: IconArrowsExchange,
  "turn-on": IconFlag,
  "turn-off": IconFlagOff,
} satisfies Record<DiffLine["kind"], unknown>;

/** A change in words, line by line. */
export function DiffLines({ lines, empty = "Nothing changes." }: { lines: DiffLine[]; empty?: string }) {
  if (lines.length === 0) return <p className={classes.empty}>{empty}</p>;
  return (
    <ul className={classes.lines}>
      {lines.map((line) => {
        const Icon = ICONS[line.kind];
        return (
          <li key={line.text} className={classes.line} data-kind={line.kind}>
            <Icon size={15} stroke={2.2} className={classes.icon} aria-hidden="true" />
            <span>
              {line.text}
              {line.note && <span className={classes.note}>{line.note}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
