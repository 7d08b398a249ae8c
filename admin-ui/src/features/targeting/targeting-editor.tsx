import type { Environment, Fault, FlagDetail, ManagedSegment } from "@lanyard/contract";
import { Alert } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLock } from "@tabler/icons-react";
import { type ReactNode, useMemo } from "react";
import { NewerNotice } from "../../components/conflict.tsx";
import { SavedWarnings } from "../../components/saved-warnings.tsx";
import { can, roleFor } from "../../lib/permissions.ts";
import { RequestFailed } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import { targetingOf } from "../../lib/targeting.ts";
import { BrowserPanel } from "./browser-panel.tsx";
import { FlagContext } from "./flag-context.ts";
import { OnSwitch } from "./on-switch.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { useSaveTargeting } from "./queries.ts";
import { ReviewModal } from "./review-modal.tsx";
import { SaveBar } from "./save-bar.tsx";
import classes from "./targeting.module.css";
import { TargetingConflict } from "./targeting-conflict.tsx";
import { TargetingSections } from "./targeting-sections.tsx";
import { useTargetingDraft } from "./use-targeting-draft.ts";

interface TargetingEditorProps {
  flag: FlagDetail;
  environment: Environment;
  segments: ManagedSegment[];
}

/** What one flag does in one environment: edited as a draft, saved after a look at the effect. */
export function TargetingEditor({ flag, environment, segments }: TargetingEditorProps) {
  const project = useProject();
  const state = flag.environments[environment.key];
  const saved = useMemo(
    () => (state ? { targeting: targetingOf(state), revision: state.revision } : undefined),
    [state],
  );
  if (!state || !saved)
    return <Alert color="gray">This flag has no targeting in {environment.name} yet.</Alert>;
  const readOnly = readOnlyBecause(project, flag, environment);
  return (
    <FlagContext value={{ flag, readOnly: readOnly !== undefined }}>
      {readOnly && (
        <Alert color="gray" icon={<IconLock size={18} />} mb="md">
          {readOnly}
        </Alert>
      )}
      <Editing flag={flag} environment={environment} segments={segments} saved={saved} />
    </FlagContext>
  );
}

function readOnlyBecause(
  project: ReturnType<typeof useProject>,
  flag: FlagDetail,
  environment: Environment,
): ReactNode {
  if (flag.archivedAt) return "This flag is archived. Bring it back to edit it.";
  if (!can(project, "flag:edit")) return "You may look, not edit: editors change flags.";
  if (environment.protected && !can(project, "flag:publish-protected")) {
    return `${environment.name} is protected: a ${roleFor("flag:publish-protected")} publishes here.`;
  }
  return undefined;
}

/** Always the same: rules that nothing was wrong with are not drawn again. */
const NO_FAULTS: Fault[] = [];

type EditingProps = TargetingEditorProps & {
  saved: { targeting: ReturnType<typeof targetingOf>; revision: number };
};

function Editing({ flag, environment, segments, saved }: EditingProps) {
  const project = useProject();
  const place = { project: project.key, flag: flag.key, environment: environment.key };
  const { draft, dispatch, dirty, newer } = useTargetingDraft(Object.values(place).join("/"), saved);
  const [reviewing, review] = useDisclosure(false);
  const [comparing, compare] = useDisclosure(false);
  const save = useSaveTargeting(place, (next) => {
    review.close();
    const state = next.environments[environment.key];
    if (!state) return;
    const targeting = targetingOf(state);
    dispatch({ type: "rebased", base: targeting, revision: state.revision, now: targeting });
  });
  const faults = save.error instanceof RequestFailed ? save.error.faults : NO_FAULTS;
  const conflict = newer && !save.isPending ? newer : undefined;
  return (
    <div className={classes.layout}>
      <div className={classes.main}>
        {conflict && <NewerNotice onCompare={compare.open} />}
        <OnSwitch on={draft.now.on} off={flag.off} onChange={(on) => dispatch({ type: "turned", on })} />
        <TargetingSections draft={draft} faults={faults} dispatch={dispatch} />
        {dirty ? (
          <SaveBar
            draft={draft}
            environment={environment}
            blocked={conflict !== undefined}
            onReview={review.open}
            onDiscard={() => {
              save.reset();
              dispatch({ type: "discarded" });
            }}
          />
        ) : (
          <SavedWarnings warnings={save.data?.warnings} onDismiss={save.reset} />
        )}
      </div>
      <aside className={classes.side}>
        <PreviewPanel
          flag={flag}
          environment={environment}
          targeting={draft.now}
          segments={segments}
          dirty={dirty}
        />
        {flag.audience === "client" && (
          <BrowserPanel flag={flag} environment={environment} targeting={draft.now} segments={segments} />
        )}
      </aside>
      <ReviewModal
        opened={reviewing && conflict === undefined}
        onClose={review.close}
        draft={draft}
        flag={flag}
        environment={environment}
        error={save.error}
        saving={save.isPending}
        onSave={(message) => save.mutate({ targeting: draft.now, revision: draft.revision, message })}
      />
      {conflict && (
        <TargetingConflict
          opened={comparing || reviewing}
          onClose={() => {
            compare.close();
            review.close();
          }}
          draft={draft}
          newer={conflict}
          dispatch={dispatch}
        />
      )}
    </div>
  );
}
