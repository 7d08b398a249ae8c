import type { FlagDetail, FlagUsage } from "@lanyard/contract";
import { exactTime } from "../../lib/dates.ts";
import { useNow } from "../../lib/use-now.ts";
import { variationColor } from "../../lib/variation-colors.ts";
import classes from "./usage.module.css";
import { columnsOf } from "./usage-columns.ts";

interface UsageChartProps {
  flag: FlagDetail;
  usage: FlagUsage;
  minutes: number;
}

const HEIGHT = 140;
const STEP = 10;

/** Evaluations by variation over time, as stacked columns. */
export function UsageChart({ flag, usage, minutes }: UsageChartProps) {
  const now = useNow(15_000);
  const columns = columnsOf(usage.minutes, minutes, now);
  const top = Math.max(1, ...columns.map((column) => column.total));
  const said = `Evaluations in the last ${minutes} minutes: ${columns.reduce((sum, column) => sum + column.total, 0)}`;
  return (
    <figure className={classes.chart}>
      <svg
        viewBox={`0 0 ${columns.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={said}
      >
        {columns.map((column, at) => {
          let y = HEIGHT;
          return (
            <g key={column.from}>
              <title>{`${exactTime(column.from)}: ${column.parts.map((part) => `${part.variation} ${part.count}`).join(", ") || "none"}`}</title>
              <rect x={at * STEP} y={0} width={STEP} height={HEIGHT} fill="transparent" />
              {column.total === 0 && (
                <rect x={at * STEP + 1} y={HEIGHT - 1} width={STEP - 2} height={1} className={classes.zero} />
              )}
              {column.parts.map((part) => {
                const height = (part.count / top) * (HEIGHT - 4);
                y -= height;
                return (
                  <rect
                    key={part.variation}
                    x={at * STEP + 1}
                    y={y}
                    width={STEP - 2}
                    height={height}
                    style={{ fill: variationColor(flag.variations, flag.off, part.variation) }}
                  />
                );
              })}
            </g>
          );
        })}
      </svg>
      <figcaption className={classes.axis}>
        <span>{minutes >= 120 ? `${Math.round(minutes / 60)} h ago` : `${minutes} min ago`}</span>
        <span>up to {top.toLocaleString("en")} each</span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}
