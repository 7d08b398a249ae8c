import { Button, CloseButton, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { environmentOf, useProject } from "../../lib/project-context.ts";
import classes from "./flag-filters-bar.module.css";
import { type FlagFilters, PURPOSES } from "./queries.ts";

interface FlagFiltersBarProps {
  filters: FlagFilters;
  tags: string[];
  onFilters(filters: FlagFilters): void;
}

export function FlagFiltersBar({ filters, tags, onFilters }: FlagFiltersBarProps) {
  const project = useProject();
  const change = (changed: { [Name in keyof FlagFilters]?: FlagFilters[Name] | undefined }) => {
    const merged = Object.entries({ ...filters, ...changed }).filter(
      ([, value]) => value !== undefined && value !== null,
    );
    onFilters(Object.fromEntries(merged) as FlagFilters);
  };
  const environment = environmentOf(project, filters.env);
  const stateChoices = project.environments.map((env) => ({
    group: env.name,
    items: (["on", "off", "killed"] as const).map((state) => ({
      value: `${env.key} ${state}`,
      label: `${WORDS[state]} in ${env.name}`,
    })),
  }));
  const setState = (value: string | null) => {
    const [env, state] = (value ?? "").split(" ");
    change({ env: env || undefined, state: state as FlagFilters["state"] });
  };
  const any = Object.keys(filters).length > 0;
  return (
    <search className={classes.bar}>
      <SearchField
        value={filters.search ?? ""}
        onChange={(search) => change({ search: search || undefined })}
      />
      <div className={classes.selects}>
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          w={190}
          data={stateChoices}
          value={filters.state && environment ? `${environment.key} ${filters.state}` : null}
          onChange={setState}
        />
        <Select
          aria-label="Tag"
          placeholder="Any tag"
          clearable
          searchable
          w={140}
          data={filters.tag && !tags.includes(filters.tag) ? [filters.tag, ...tags] : tags}
          value={filters.tag ?? null}
          onChange={(tag) => change({ tag: tag ?? undefined })}
        />
        <Select
          aria-label="Purpose"
          placeholder="Any purpose"
          clearable
          w={150}
          data={[...PURPOSES]}
          value={filters.purpose ?? null}
          onChange={(purpose) => change({ purpose: (purpose as FlagFilters["purpose"]) ?? undefined })}
        />
        <Select
          aria-label="Audience"
          placeholder="Any audience"
          clearable
          w={150}
          data={["server", "client"]}
          value={filters.audience ?? null}
          onChange={(audience) => change({ audience: (audience as FlagFilters["audience"]) ?? undefined })}
        />
        <Select
          aria-label="Order"
          w={160}
          data={[
            { value: "key", label: "By key" },
            { value: "updated", label: "Latest change first" },
          ]}
          allowDeselect={false}
          value={filters.sort ?? "key"}
          onChange={(sort) => change({ sort: sort === "updated" ? "updated" : undefined })}
        />
        <Button
          variant={filters.archived ? "light" : "subtle"}
          color={filters.archived ? "harbour" : "gray"}
          aria-pressed={filters.archived ?? false}
          onClick={() => change({ archived: filters.archived ? undefined : true })}
        >
          Archived
        </Button>
        {any && (
          <Button variant="subtle" color="gray" onClick={() => onFilters({})}>
            Clear
          </Button>
        )}
      </div>
    </search>
  );
}

const WORDS = { on: "On", off: "Off", killed: "Killed" };

function SearchField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const [text, setText] = useState(value);
  const settle = useDebouncedCallback(onChange, 180);
  useEffect(() => setText(value), [value]);
  const set = (next: string) => {
    setText(next);
    settle(next);
  };
  return (
    <TextInput
      className={classes.search}
      type="search"
      aria-label="Search flags"
      placeholder="Search flags"
      data-page-search
      leftSection={<IconSearch size={16} />}
      rightSection={
        text ? <CloseButton size="sm" aria-label="Clear the search" onClick={() => set("")} /> : undefined
      }
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}
