import type { Drill, Environment } from "@lanyard/contract";
import { Button } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconPlugConnectedX,
} from "@tabler/icons-react";
import { FormError } from "../../components/form-error.tsx";
import { ReceiptCount } from "../../components/receipt-count.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./instances.module.css";
import { useDrill } from "./queries.ts";

const OUTCOMES: Record<Drill["outcome"], { words: string; Icon: typeof IconCircleCheck }> = {
  confirmed: { words: "The cord holds", Icon: IconCircleCheck },
  late: { words: "The cord is slow", Icon: IconAlertTriangle },
  missing: { words: "Not everybody heard", Icon: IconAlertTriangle },
  nobody: { words: "Nobody was there to hear", Icon: IconPlugConnectedX },
};

const NO_DRILL = { words: "No drill yet", Icon: IconCircleDashed };

interface DrillCardProps {
  environment: Environment;
  drill: Drill | null;
  instances: number;
}

/** What came of the newest drill, and another one for whoever may kill. */
export function DrillCard({ environment, drill, instances }: DrillCardProps) {
  const project = useProject();
  const run = useDrill(project.key, environment.key);
  const { words, Icon } = drill ? OUTCOMES[drill.outcome] : NO_DRILL;
  return (
    <section className={classes.drill} data-outcome={drill?.outcome} aria-label="Drill">
      <div className={classes.drillBody}>
        <h2 className={classes.drillTitle}>
          <Icon size={20} aria-hidden="true" />
          {words}
        </h2>
        <p className={classes.quiet}>
          A drill kills a flag that does not exist, and waits for every instance to confirm.
          {drill && (
            <>
              {" The last one was "}
              <TimeAgo at={drill.at} />.
            </>
          )}
        </p>
        {drill && <ReceiptCount receipts={drill.receipts} />}
        <FormError error={run.error} />
      </div>
      {can(project, "kill") && (
        <Button
          variant="default"
          disabled={instances === 0}
          loading={run.isPending}
          onClick={() => run.mutate()}
        >
          Drill now
        </Button>
      )}
    </section>
  );
}
