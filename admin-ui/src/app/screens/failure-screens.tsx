import { Button } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { WholePage } from "./whole-page.tsx";

export function ErrorScreen({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <WholePage>
      <ErrorState error={error} retry={() => void router.invalidate()} />
    </WholePage>
  );
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
