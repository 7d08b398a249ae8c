import { EmptyState } from "../../components/states.tsx";
import { WholePage } from "./whole-page.tsx";

/** While a slow server has not said yet who is here, or what their project is. */
export function PendingScreen() {
  return (
    <WholePage>
      <div role="status">
        <EmptyState title="Loading…" />
      </div>
    </WholePage>
  );
}
