import { Button, Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isCode, messageOf, RequestFailed } from "../lib/problem.ts";
import { useSlow } from "../lib/use-slow.ts";
import { LogoMark } from "./logo.tsx";
import classes from "./states.module.css";

interface PlainState {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  mark?: ReactNode;
}

/** Nothing, or nothing to see: said in words, with the way on. */
export function EmptyState({ title, children, action, mark }: PlainState) {
  return (
    <div className={classes.state}>
      <span className={classes.mark}>{mark ?? <LogoMark size={30} />}</span>
      <h2 className={classes.title}>{title}</h2>
      {children && <p className={classes.text}>{children}</p>}
      {action}
    </div>
  );
}

export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  if (isCode(error, "forbidden")) {
    return <EmptyState title="Not yours to see">Ask an owner of the project for a role that may.</EmptyState>;
  }
  if (isCode(error, "not-found")) {
    return (
      <EmptyState title="There is nothing here">It may have been deleted, or you may not see it.</EmptyState>
    );
  }
  const requestId = error instanceof RequestFailed ? error.requestId : undefined;
  return (
    <div role="alert">
      <EmptyState
        title={isCode(error, "unreachable") ? "The server does not answer" : "This did not load"}
        action={retry && <Button onClick={retry}>Try again</Button>}
      >
        {messageOf(error)}
        {requestId && <span className={classes.request}>Request {requestId}</span>}
      </EmptyState>
    </div>
  );
}

/** Grey bars of the size of what will come, after 300 ms. */
export function LoadingState({ rows = 4, height = 56 }: { rows?: number; height?: number }) {
  const slow = useSlow(true);
  return (
    <div className={classes.loading} aria-busy="true">
      {slow && <span className={classes.said}>Loading…</span>}
      {Array.from({ length: rows }, (_row, at) => `bar ${at}`).map((bar) => (
        <Skeleton
          key={bar}
          height={height}
          radius="md"
          visible={slow}
          className={slow ? undefined : classes.waiting}
        />
      ))}
    </div>
  );
}

interface QueryStateProps<Data> {
  query: UseQueryResult<Data>;
  loading?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** Loading, failed or ready; data that is there is shown even while it is read again. */
export function QueryState<Data>({ query, loading, children }: QueryStateProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return loading ?? <LoadingState />;
}
