import type { Change, Environment } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyState, ErrorState, LoadingState } from "../../components/states.tsx";
import { useProject } from "../../lib/project-context.ts";
import { ChangeCard } from "./change-card.tsx";
import classes from "./history.module.css";
import { type HistoryScope, historyQueries } from "./queries.ts";
import { RestoreModal } from "./restore-modal.tsx";

interface HistoryListProps {
  scope: HistoryScope;
  /** Where a flag's earlier targeting can be put back. */
  restorable?: { flag: string; environment: Environment; current: number } | undefined;
}

/** What was done, newest first, as readable diffs. */
export function HistoryList({ scope, restorable }: HistoryListProps) {
  const project = useProject();
  const query = useInfiniteQuery(historyQueries.changes(project.key, scope));
  const [restoring, setRestoring] = useState<Change | null>(null);
  const changes = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isPending) return <LoadingState rows={5} height={76} />;
  if (query.isError && changes.length === 0)
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  if (changes.length === 0)
    return (
      <EmptyState title="No changes yet">
        Every edit, kill and lift will stand here, with who and why.
      </EmptyState>
    );
  return (
    <>
      <ol className={classes.list}>
        {changes.map((change) => (
          <ChangeCard
            key={change.id}
            change={change}
            showSubject={!scope.flag && !scope.segment}
            onRestore={canRestore(change, restorable) ? () => setRestoring(change) : undefined}
          />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button
          variant="default"
          className={classes.more}
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Earlier changes
        </Button>
      )}
      {restorable && (
        <RestoreModal
          change={restoring}
          flag={restorable.flag}
          environment={restorable.environment}
          onClose={() => setRestoring(null)}
        />
      )}
    </>
  );
}

function canRestore(change: Change, restorable: HistoryListProps["restorable"]): boolean {
  if (!restorable || change.subjectRevision === null) return false;
  return (
    change.subject.kind === "flag" &&
    change.environment === restorable.environment.key &&
    change.subjectRevision < restorable.current
  );
}
