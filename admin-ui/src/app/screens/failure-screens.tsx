import { Button } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { EmptyState, ErrorState } from "../../components/states.tsx";

export function ErrorScreen({ error }: { error: unknown }) {
  const router = useRouter();
  return <ErrorState error={error} retry={() => void router.invalidate()} />;
}

export function NotFoundScreen() {
  return (
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
  );
}
