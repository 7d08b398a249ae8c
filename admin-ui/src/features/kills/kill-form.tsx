import type { AcceptedKill } from "@lanyard/contract";
import { SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { FormError } from "../../components/form-error.tsx";
import { HoldButton } from "../../components/hold-button.tsx";
import { useProject } from "../../lib/project-context.ts";
import { EnvironmentChoice } from "./environment-choice.tsx";
import { FlagPicker } from "./flag-picker.tsx";
import { type KillDraft, killBody, killWords, missingFrom } from "./kill-draft.ts";
import classes from "./kills.module.css";
import { killQueries, useKill } from "./queries.ts";
import { ReasonField } from "./reason-field.tsx";

/** What flags have in common, of which one is chosen. */
const TRAITS = {
  tag: { label: "Tag", description: "Covers the flags that have it now", placeholder: "Choose a tag" },
  owner: {
    label: "Owner",
    description: "Covers the flags that they own now",
    placeholder: "Choose an owner",
  },
};

interface KillFormProps {
  start: KillDraft;
  /** The flag is given by the page: there is nothing to choose. */
  fixed?: boolean;
  onKilled(kill: AcceptedKill): void;
}

export function KillForm({ start, fixed = false, onKilled }: KillFormProps) {
  const project = useProject();
  const [draft, setDraft] = useState(start);
  // One per kill that is meant: a retry after a lost answer does not kill twice.
  const idempotencyKey = useRef<string>(newIdempotencyKey());
  const kill = useKill(project.key, onKilled);
  const edit = (changed: Partial<KillDraft>) => setDraft({ ...draft, ...changed });
  const missing = missingFrom(draft);
  return (
    <form className={classes.form} onSubmit={(event) => event.preventDefault()}>
      {!fixed && <WhatToKill draft={draft} onEdit={edit} />}
      <EnvironmentChoice
        environments={project.environments}
        value={draft.environments}
        onChange={(environments) => edit({ environments })}
      />
      <ReasonField value={draft.reason} onChange={(reason) => edit({ reason })} />
      <FormError error={kill.error} />
      <div className={fixed ? undefined : classes.thumb}>
        <HoldButton
          disabled={missing !== undefined}
          busy={kill.isPending}
          onConfirm={() => kill.mutate(killBody(draft, project.key, idempotencyKey.current, Date.now()))}
        >
          {missing ?? killWords(draft, project.environments)}
        </HoldButton>
      </div>
    </form>
  );
}

function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

function WhatToKill({ draft, onEdit }: { draft: KillDraft; onEdit(changed: Partial<KillDraft>): void }) {
  const project = useProject();
  const { data } = useQuery(killQueries.choices(project.key, ""));
  return (
    <div className={classes.what}>
      <SegmentedControl
        fullWidth
        aria-label="What to kill"
        value={draft.by}
        onChange={(by) => onEdit({ by: by as KillDraft["by"] })}
        data={[
          { value: "flags", label: "Flags" },
          { value: "tag", label: "Tag" },
          { value: "owner", label: "Owner" },
          { value: "changed", label: "Last hour" },
        ]}
      />
      {draft.by === "changed" && (
        <p className={classes.quiet}>
          Every flag that was changed in the last hour where you kill it, itself or in a segment that it uses.
        </p>
      )}
      {draft.by === "flags" && <FlagPicker value={draft.flags} onChange={(flags) => onEdit({ flags })} />}
      {(draft.by === "tag" || draft.by === "owner") && (
        <Select
          {...TRAITS[draft.by]}
          searchable
          data={data?.[`${draft.by}s`] ?? []}
          value={draft[draft.by] || null}
          onChange={(chosen) => onEdit({ [draft.by]: chosen ?? "" })}
        />
      )}
    </div>
  );
}
