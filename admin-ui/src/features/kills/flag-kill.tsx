import type { ActiveKill, Environment, FlagDetail } from "@lanyard/contract";
import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { notifyDone } from "../../components/notify.ts";
import { StateGlyph } from "../../components/state-badge.tsx";
import { environmentNames } from "../../lib/environment-names.ts";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { KillAge } from "./kill-age.tsx";
import { KillForm } from "./kill-form.tsx";
import { KillReceipts } from "./kill-receipts.tsx";
import classes from "./kills.module.css";
import { LiftModal } from "./lift-modal.tsx";

const KILLED = { kind: "killed", word: "Killed", share: 0, detail: "" } as const;

interface FlagKillProps {
  flag: FlagDetail;
  environment: Environment;
}

/** The kill control of a flag's page. */
export function KillFlagButton({ flag, environment }: FlagKillProps) {
  const project = useProject();
  const [opened, modal] = useDisclosure(false);
  if (!can(project, "kill") || flag.archivedAt) return null;
  return (
    <>
      <Button
        variant="default"
        className={classes.killButton}
        leftSection={<StateGlyph summary={KILLED} size={16} />}
        onClick={modal.open}
      >
        Kill…
      </Button>
      <Modal
        opened={opened}
        onClose={modal.close}
        title={
          <>
            Kill <span className="mono">{flag.key}</span>
          </>
        }
        size="md"
      >
        <p className={classes.liftText}>
          Everyone gets <span className="mono">{flag.off}</span> at once, until the kill is lifted. The
          targeting stays as it is.
          {flag.dependants.length > 0 && (
            <> Flags that require it serve their off variation too: {flag.dependants.join(", ")}.</>
          )}
        </p>
        <KillForm
          fixed
          start={{
            by: "flags",
            flags: [flag.key],
            tag: "",
            owner: "",
            environments: [environment.key],
            reason: "",
          }}
          onKilled={(kill) => {
            modal.close();
            const where = environmentNames(kill.environments, project.environments).join(", ");
            notifyDone(`Killed in ${where}. SDKs told: ${kill.connected}.`);
          }}
        />
      </Modal>
    </>
  );
}

/** Says on the flag's page that it is killed, by whom, why and for how long. */
export function KilledBanner({ flag, environment }: FlagKillProps) {
  const project = useProject();
  const [lifting, setLifting] = useState<ActiveKill | null>(null);
  const kills = flag.environments[environment.key]?.kills ?? [];
  if (kills.length === 0 && !lifting) return null;
  return (
    <section className={classes.banner} aria-label="Killed">
      <div className={classes.bannerHead}>
        <StateGlyph summary={KILLED} size={22} />
        Killed in <EnvironmentName environment={environment} plain />
      </div>
      {kills.map((kill) => (
        <div key={kill.id} className={classes.bannerKill}>
          <div>
            <p className={classes.killReason}>{kill.reason}</p>
            <p className={classes.bannerBy}>
              <KillAge kill={kill} />. Everyone gets <span className="mono">{flag.off}</span>.
            </p>
            <KillReceipts kill={kill} />
          </div>
          {can(project, "kill:lift") && (
            <Button
              variant="white"
              color="dark"
              className={classes.bannerLift}
              onClick={() => setLifting(kill)}
            >
              Lift…
            </Button>
          )}
        </div>
      ))}
      <LiftModal
        kill={lifting}
        flag={flag.key}
        environment={environment.key}
        onClose={() => setLifting(null)}
      />
    </section>
  );
}
