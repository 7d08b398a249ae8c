import type { Environment, FlagDetail, ManagedSegment } from "@lanyard/contract";
import type { Context, Decision } from "@lanyard/evaluation";
import { Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { valueWords } from "../../lib/describe/describe-condition.ts";
import { flagDetail } from "../../lib/flag-queries.ts";
import { keys } from "../../lib/keys.ts";
import { useProject } from "../../lib/project-context.ts";
import { readStored, store } from "../../lib/storage.ts";
import type { Targeting } from "../../lib/targeting.ts";
import { variationColor } from "../../lib/variation-colors.ts";
import { decisionWords } from "./decision-words.ts";
import { loadDecide } from "./load-decide.ts";
import classes from "./preview-panel.module.css";
import { previewRuleset } from "./preview-ruleset.ts";

interface PreviewPanelProps {
  flag: FlagDetail;
  environment: Environment;
  targeting: Targeting;
  segments: ManagedSegment[];
  dirty: boolean;
}

const EXAMPLE = '{\n  "targetingKey": "user-1"\n}';

/** A pasted context, decided here by the same function that the SDKs run. */
export function PreviewPanel(props: PreviewPanelProps) {
  const { key: project } = useProject();
  const storageKey = `lanyard:preview:${project}`;
  const [text, setText] = useState(() => {
    const kept = readStored(storageKey);
    return typeof kept === "string" ? kept : EXAMPLE;
  });
  const context = useMemo(() => contextFrom(text), [text]);
  return (
    <section className={classes.panel} aria-label="Preview">
      <h2 className={classes.title}>Preview</h2>
      <p className={classes.lead}>
        {props.dirty
          ? "What your unsaved targeting decides for this context."
          : "What the flag decides for this context."}
      </p>
      <Textarea
        label="Context"
        minRows={5}
        maxRows={16}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
        value={text}
        error={context ? undefined : "This is not a JSON object yet"}
        onChange={(event) => {
          setText(event.currentTarget.value);
          store(storageKey, event.currentTarget.value);
        }}
      />
      {context && <Outcome {...props} context={context} />}
    </section>
  );
}

function contextFrom(text: string): Context | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Context)
      : undefined;
  } catch {
    return undefined;
  }
}

function Outcome({
  flag,
  environment,
  targeting,
  segments,
  context,
}: PreviewPanelProps & { context: Context }) {
  const required = useRequired(targeting);
  const { data: decide } = useQuery({
    queryKey: ["decide"],
    queryFn: loadDecide,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const decision = useMemo(
    () =>
      decide &&
      required &&
      decide(
        previewRuleset({ flag, targeting, environment: environment.key, required, segments }),
        flag.key,
        context,
      ),
    [decide, required, flag, targeting, environment, segments, context],
  );
  if (!decision) return <div className={classes.outcome} aria-busy="true" />;
  const killed = (flag.environments[environment.key]?.kills.length ?? 0) > 0;
  return (
    <div className={classes.outcome} aria-live="polite">
      {killed && <p className={classes.killed}>Killed: everyone gets {flag.off} now. Once lifted:</p>}
      <Served flag={flag} decision={decision} />
      <p className={classes.reason}>{decisionWords(decision, targeting)}</p>
    </div>
  );
}

function Served({ flag, decision }: { flag: FlagDetail; decision: Decision }) {
  const variation = decision.variation ?? "nothing";
  return (
    <div className={classes.served}>
      <span
        className={classes.swatch}
        style={{ background: variationColor(flag.variations, flag.off, variation) }}
      />
      <span className="mono">{variation}</span>
      {decision.value !== undefined && (
        <span className={`truncate ${classes.value}`}>{valueWords(decision.value)}</span>
      )}
    </div>
  );
}

/** The flags that the draft requires, all the way down; undefined while they are being read. */
function useRequired(targeting: Targeting): FlagDetail[] | undefined {
  const { key: project } = useProject();
  const client = useQueryClient();
  const direct = targeting.prerequisites.map((one) => one.flag).filter(Boolean);
  const { data } = useQuery({
    queryKey: [...keys.flags(project), "required", ...direct],
    enabled: direct.length > 0,
    queryFn: async () => {
      const found = new Map<string, FlagDetail>();
      const open = [...direct];
      for (let key = open.pop(); key !== undefined; key = open.pop()) {
        if (found.has(key)) continue;
        const flag = await client.fetchQuery(flagDetail(project, key)).catch(() => undefined);
        if (!flag) continue;
        found.set(key, flag);
        for (const state of Object.values(flag.environments)) {
          open.push(...state.targeting.prerequisites.map((one) => one.flag));
        }
      }
      return [...found.values()];
    },
  });
  return direct.length === 0 ? NONE : data;
}

const NONE: FlagDetail[] = [];
