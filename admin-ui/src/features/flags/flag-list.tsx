// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot hold rows that are placed by position.
// biome-ignore-all lint/a11y/useFocusableInteractive: cells are read, not operated.
import type { Environment, FlagListItem } from "@lanyard/contract";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useEffect, useRef } from "react";
import { EnvironmentName, environmentColor } from "../../components/environment-mark.tsx";
import classes from "./flag-list.module.css";
import { FlagRow } from "./flag-row.tsx";

interface FlagListProps {
  flags: FlagListItem[];
  total: number;
  environments: Environment[];
  loadMore: (() => void) | undefined;
}

const ROW_PX = 68;
/** Asked for this many rows before the end is seen. */
const AHEAD = 40;

/** Only the rows near the window exist; more are read before the end comes into sight. */
export function FlagList({ flags, total, environments, loadMore }: FlagListProps) {
  const list = useRef<HTMLDivElement>(null);
  const virtual = useWindowVirtualizer({
    count: flags.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (index) => flags[index]?.id ?? index,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= flags.length - AHEAD) loadMore?.();
  }, [last, flags.length, loadMore]);

  const columns = { "--environments": environments.length } as CSSProperties;
  return (
    <div className={classes.frame} style={columns}>
      <div role="table" aria-label="Flags" aria-rowcount={total + 1} className={classes.table}>
        <div role="rowgroup">
          <div role="row" className={classes.head}>
            <span role="columnheader">Flag</span>
            {environments.map((environment) => (
              <span
                key={environment.key}
                role="columnheader"
                className={classes.environment}
                style={{ "--environment": environmentColor(environment) } as CSSProperties}
              >
                <EnvironmentName environment={environment} />
              </span>
            ))}
            <span role="columnheader" className={classes.changed}>
              Changed
            </span>
          </div>
        </div>
        <div ref={list} role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
          {rows.map((row) => {
            const flag = flags[row.index];
            if (!flag) return null;
            return (
              <div
                key={row.key}
                ref={virtual.measureElement}
                data-index={row.index}
                role="row"
                aria-rowindex={row.index + 2}
                className={classes.row}
                style={{ transform: `translateY(${row.start - virtual.options.scrollMargin}px)` }}
              >
                <FlagRow flag={flag} environments={environments} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
