import { MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useProject } from "../../lib/project-context.ts";
import { killQueries } from "./queries.ts";

/** Flags by key or name, also while the database is away. */
export function FlagPicker({ value, onChange }: { value: string[]; onChange(flags: string[]): void }) {
  const project = useProject();
  const [search, setSearch] = useState("");
  const [settled] = useDebouncedValue(search, 120);
  const { data } = useQuery(killQueries.choices(project.key, settled));
  const found = data?.flags ?? [];
  return (
    <MultiSelect
      label="Flags"
      placeholder={value.length === 0 ? "Search by key or name" : ""}
      searchable
      hidePickedOptions
      data={[...new Set([...value, ...found.map((flag) => flag.key)])]}
      filter={({ options }) => options}
      value={value}
      searchValue={search}
      onSearchChange={setSearch}
      nothingFoundMessage="No flag by that name"
      maxDropdownHeight={240}
      onChange={onChange}
    />
  );
}
