import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { Page } from "../../components/page.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../components/states.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { CreateFlagModal } from "./create-flag-modal.tsx";
import { FlagFiltersBar } from "./flag-filters-bar.tsx";
import { FlagList } from "./flag-list.tsx";
import { type FlagFilters, flagQueries } from "./queries.ts";

interface FlagsPageProps {
  filters: FlagFilters;
  onFilters(filters: FlagFilters): void;
  /** Stands in for the list of a project that has no flag yet. */
  firstRun: ReactNode;
}

export function FlagsPage({ filters, onFilters, firstRun }: FlagsPageProps) {
  const project = useProject();
  const query = useInfiniteQuery(flagQueries.list(project.key, filters));
  const [creating, modal] = useDisclosure(false);
  const flags = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const first = query.data?.pages[0];
  const filtered = Object.keys(filters).some((name) => name !== "sort" && name !== "env");
  const mayEdit = can(project, "flag:edit");

  if (first && first.total === 0 && !filtered && !query.isPlaceholderData) return firstRun;

  return (
    <Page
      title="Flags"
      lead={first ? countWords(first.total, filtered) : "\u00a0"}
      actions={
        mayEdit && (
          <Button leftSection={<IconPlus size={16} />} onClick={modal.open}>
            New flag
          </Button>
        )
      }
    >
      <FlagFiltersBar filters={filters} tags={first?.tags ?? []} onFilters={onFilters} />
      {query.isPending && <LoadingState rows={8} height={68} />}
      {query.isError && !first && <ErrorState error={query.error} retry={() => void query.refetch()} />}
      {first && flags.length === 0 && (
        <EmptyState
          title={filtered ? "No flag matches" : "No flags here"}
          action={
            <Button variant="default" onClick={() => onFilters({})}>
              Clear the filters
            </Button>
          }
        >
          Search looks at keys, names and descriptions.
        </EmptyState>
      )}
      {flags.length > 0 && (
        <FlagList
          flags={flags}
          total={first?.total ?? flags.length}
          environments={project.environments}
          loadMore={
            query.hasNextPage && !query.isFetchingNextPage && !query.isFetchNextPageError
              ? () => void query.fetchNextPage()
              : undefined
          }
        />
      )}
      {query.isFetchNextPageError && (
        <ErrorState error={query.error} retry={() => void query.fetchNextPage()} />
      )}
      <CreateFlagModal opened={creating} onClose={modal.close} />
    </Page>
  );
}

function countWords(total: number, filtered: boolean): string {
  const count = total.toLocaleString("en");
  const flags = total === 1 ? "flag" : "flags";
  return filtered ? `${count} ${flags} match` : `${count} ${flags}`;
}
