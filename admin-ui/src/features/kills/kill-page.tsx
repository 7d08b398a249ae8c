import type { AcceptedKill } from "@lanyard/contract";
import { Alert } from "@mantine/core";
import { useState } from "react";
import { Page } from "../../components/page.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { ActiveKills } from "./active-kills.tsx";
import { startingEnvironments } from "./kill-draft.ts";
import { KillForm } from "./kill-form.tsx";
import { KillResult } from "./kill-result.tsx";
import classes from "./kills.module.css";
import { PastKills } from "./past-kills.tsx";
import { UnrecordedKills } from "./unrecorded-kills.tsx";

interface KillPageProps {
  asked: { flags: string[]; tag: string; environment: string | undefined };
}

/** For three in the morning: choose, say why, hold. */
export function KillPage({ asked }: KillPageProps) {
  const project = useProject();
  const [done, setDone] = useState<AcceptedKill | null>(null);
  return (
    <Page
      title="Kill"
      lead="A killed flag serves its off variation at once, whatever its targeting says, until the kill is lifted."
    >
      <div className={classes.columns}>
        <div className={classes.formCard}>
          {!can(project, "kill") && <Alert color="gray">Viewers cannot kill: ask an editor.</Alert>}
          {can(project, "kill") && done && <KillResult kill={done} onAgain={() => setDone(null)} />}
          {can(project, "kill") && !done && (
            <KillForm
              start={{
                by: asked.tag ? "tag" : "flags",
                flags: asked.flags,
                tag: asked.tag,
                owner: "",
                environments: startingEnvironments(project.environments, asked.environment),
                reason: "",
              }}
              onKilled={setDone}
            />
          )}
        </div>
        <div className={classes.lists}>
          <ActiveKills />
          <UnrecordedKills />
          <PastKills />
        </div>
      </div>
    </Page>
  );
}
