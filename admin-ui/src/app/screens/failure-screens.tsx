import { Button } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { RequestFailed } from "../../lib/problem.ts";
import { WholePage } from "./whole-page.tsx";

export function ErrorScreen({ error }: { error: unknown }) {
  return (
    <WholePage>
      <PageErrorScreen error={error} />
    </WholePage>
  );
}

/** In place of one page, when it or its code did not load: all that is around it stays. */
export function PageErrorScreen({ error }: { error: unknown }) {
  const router = useRouter();
  // Code that could not be fetched is asked for again only by a page that is loaded anew.
  const retry = () => (error instanceof RequestFailed ? void router.invalidate() : window.location.reload());
  return <ErrorState error={error} retry={retry} />;
}

export function NotFoundScreen() {
  return (
    <WholePage>
      <EmptyState
        title="There is no such page"
        action={
          <Button component={Link} to="/">
            To the flags
          </Button>
        }
      >
        The address may be mistyped, or the page has moved.
      </EmptyState>
    </WholePage>
  );
}
