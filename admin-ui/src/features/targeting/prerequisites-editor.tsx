import type { Prerequisite } from "@lanyard/evaluation";
import { ActionIcon, Button, MultiSelect, Select } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { replaceAt } from "../../components/conditions/condition-tree.ts";
import { flagDetail, flagSearch } from "../../lib/flag-queries.ts";
import { useProject } from "../../lib/project-context.ts";
import { useEditedFlag } from "./flag-context.ts";
import classes from "./targeting.module.css";

interface PrerequisitesEditorProps {
  prerequisites: Prerequisite[];
  onChange(prerequisites: Prerequisite[]): void;
}

/** Flags that must themselves serve certain variations; else this one serves its off variation. */
export function PrerequisitesEditor({ prerequisites, onChange }: PrerequisitesEditorProps) {
  const { flag, readOnly } = useEditedFlag();
  return (
    <div className={classes.stack}>
      {prerequisites.map((prerequisite, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: prerequisites have no identity but their place.
        <div key={index} className={classes.prerequisite}>
          <PrerequisiteFields
            prerequisite={prerequisite}
            onChange={(next) => onChange(replaceAt(prerequisites, index, next))}
          />
          {!readOnly && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`No longer require ${prerequisite.flag || "a flag"}`}
              onClick={() => onChange(prerequisites.filter((_one, at) => at !== index))}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </div>
      ))}
      {readOnly && prerequisites.length === 0 && <p className={classes.quiet}>No prerequisites.</p>}
      {!readOnly && (
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes.addSmall}
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...prerequisites, { flag: "", variations: [] }])}
        >
          Require another flag
        </Button>
      )}
      {flag.dependants.length > 0 && <Dependants keys={flag.dependants} />}
    </div>
  );
}

function Dependants({ keys }: { keys: string[] }) {
  const project = useProject();
  return (
    <p className={classes.quiet}>
      Required by{" "}
      {keys.map((key, at) => (
        <span key={key}>
          {at > 0 && ", "}
          <Link
            to="/projects/$project/flags/$flag"
            params={{ project: project.key, flag: key }}
            className="mono"
          >
            {key}
          </Link>
        </span>
      ))}
    </p>
  );
}

function PrerequisiteFields({
  prerequisite,
  onChange,
}: {
  prerequisite: Prerequisite;
  onChange(next: Prerequisite): void;
}) {
  const project = useProject();
  const { flag: edited, readOnly } = useEditedFlag();
  const [search, setSearch] = useState("");
  const { data: found } = useQuery(flagSearch(project.key, search === prerequisite.flag ? "" : search));
  const { data: required } = useQuery({
    ...flagDetail(project.key, prerequisite.flag),
    enabled: prerequisite.flag !== "",
  });
  const choices = new Set([prerequisite.flag, ...(found?.items.map((flag) => flag.key) ?? [])]);
  choices.delete("");
  choices.delete(edited.key);
  const variations = new Set([
    ...(required?.variations.map((one) => one.id) ?? []),
    ...prerequisite.variations,
  ]);
  return (
    <>
      <Select
        aria-label="Flag"
        placeholder="Choose a flag"
        searchable
        data={[...choices]}
        filter={({ options }) => options}
        value={prerequisite.flag || null}
        searchValue={search}
        onSearchChange={setSearch}
        readOnly={readOnly}
        allowDeselect={false}
        onChange={(flag) =>
          onChange({
            flag: flag ?? "",
            variations: flag === prerequisite.flag ? prerequisite.variations : [],
          })
        }
      />
      <span className={classes.words}>must serve</span>
      <MultiSelect
        aria-label="Variations"
        placeholder={prerequisite.variations.length === 0 ? "variations" : ""}
        data={[...variations]}
        value={prerequisite.variations}
        readOnly={readOnly}
        onChange={(next) => onChange({ ...prerequisite, variations: next })}
      />
    </>
  );
}
