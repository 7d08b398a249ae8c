import type { Fault } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { JsonField } from "../../components/conditions/json-field.tsx";
import { faultsUnder } from "../../lib/problem.ts";
import { isTargeting } from "../../lib/targeting.ts";
import { useEditedFlag } from "./flag-context.ts";
import { PrerequisitesEditor } from "./prerequisites-editor.tsx";
import { RuleList } from "./rule-list.tsx";
import { ServeEditor } from "./serve-editor.tsx";
import classes from "./targeting.module.css";
import type { Draft, DraftAction } from "./targeting-draft.ts";
import { TargetsEditor } from "./targets-editor.tsx";

interface SectionsProps {
  draft: Draft;
  faults: Fault[];
  dispatch(action: DraftAction): void;
}

/** The parts of targeting in the order in which a flag decides. */
export function TargetingSections({ draft, faults, dispatch }: SectionsProps) {
  const { readOnly } = useEditedFlag();
  const [asJson, setAsJson] = useState(false);
  const { now, base } = draft;
  const faultsOf = (path: string) => faultsUnder(faults, path).map((fault) => fault.message);
  if (asJson) {
    return (
      <>
        <JsonField
          label="Targeting as JSON"
          visibleLabel
          minRows={16}
          value={now}
          readOnly={readOnly}
          onChange={(value) => isTargeting(value) && dispatch({ type: "replaced", now: value })}
        />
        <Toggle asJson onToggle={() => setAsJson(false)} />
      </>
    );
  }
  return (
    <>
      <Section
        title="Prerequisites"
        lead="Else the off variation is served."
        faults={faultsOf("/prerequisites")}
      >
        <PrerequisitesEditor
          prerequisites={now.prerequisites}
          onChange={(prerequisites) => dispatch({ type: "prerequisites-set", prerequisites })}
        />
      </Section>
      <Section title="Targets" lead="Single units, before any rule." faults={faultsOf("/targets")}>
        <TargetsEditor
          targets={now.targets}
          onChange={(targets) => dispatch({ type: "targets-set", targets })}
        />
      </Section>
      <section className={classes.section} aria-label="Rules">
        <h2 className={classes.sectionTitle}>
          Rules <span className={classes.sectionLead}>The first one that holds decides.</span>
        </h2>
        <RuleList draft={draft} faults={faults} dispatch={dispatch} />
      </section>
      <section className={classes.section} aria-label="Everyone else">
        <h2 className={classes.sectionTitle}>
          Everyone else <span className={classes.sectionLead}>Whom no target and no rule has met.</span>
        </h2>
        <div className={classes.card}>
          <ServeEditor
            label="Everyone else gets"
            serve={now.fallthrough}
            saved={base.fallthrough}
            onChange={(serve) => dispatch({ type: "fallthrough-set", serve })}
          />
          <Faults messages={faultsOf("/fallthrough")} />
        </div>
      </section>
      <Toggle asJson={false} onToggle={() => setAsJson(true)} />
    </>
  );
}

function Toggle({ asJson, onToggle }: { asJson: boolean; onToggle(): void }) {
  return (
    <Button variant="subtle" color="gray" size="compact-sm" className={classes.addSmall} onClick={onToggle}>
      {asJson ? "Back to the editor" : "Edit as JSON"}
    </Button>
  );
}

interface SectionProps {
  title: string;
  lead: string;
  faults: string[];
  children: ReactNode;
}

function Section({ title, lead, faults, children }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2 className={classes.sectionTitle}>
        {title} <span className={classes.sectionLead}>{lead}</span>
      </h2>
      {children}
      <Faults messages={faults} />
    </section>
  );
}

function Faults({ messages }: { messages: string[] }) {
  return messages.map((message) => (
    <p key={message} className={classes.fault} role="alert">
      {message}
    </p>
  ));
}
