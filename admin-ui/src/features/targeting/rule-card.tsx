import type { Fault } from "@lanyard/contract";
import type { Rule } from "@lanyard/evaluation";
import { memo } from "react";
import { ConditionEditor } from "../../components/conditions/condition-editor.tsx";
import { conditionWords, serveWords } from "../../lib/describe/describe-condition.ts";
import { faultsUnder } from "../../lib/problem.ts";
import { useEditedFlag } from "./flag-context.ts";
import { Grip, RuleActions } from "./rule-actions.tsx";
import { ServeEditor } from "./serve-editor.tsx";
import classes from "./targeting.module.css";
import type { DraftAction } from "./targeting-draft.ts";
import { useNear } from "./use-near.ts";

interface RuleCardProps {
  rule: Rule;
  index: number;
  count: number;
  saved: Rule | undefined;
  /** Of the whole targeting. */
  faults: Fault[];
  dispatch(action: DraftAction): void;
  /** Told which rule is dragged, and that none is any more. */
  onDrag(rule: string | null): void;
}

/** Of more rules only those that come near the window have an editor: each has many parts. */
const EDITED_AT_ONCE = 12;

/** Drawn again only when something of it changes: among hundreds, an edit is felt by one. */
export const RuleCard = memo(function RuleCard(props: RuleCardProps) {
  const { rule, index, saved, dispatch } = props;
  const { readOnly } = useEditedFlag();
  const faults = faultsUnder(props.faults, `/rules/${index}`);
  const { ref, isNear } = useNear(index < EDITED_AT_ONCE);
  return (
    <section
      ref={ref}
      className={classes.card}
      aria-label={`Rule ${index + 1}`}
      data-faulty={faults.length > 0 || undefined}
      data-far={!isNear || undefined}
    >
      <header className={classes.cardHead}>
        {!readOnly && <Grip rule={rule} onDrag={props.onDrag} />}
        <h3 className={classes.cardTitle}>Rule {index + 1}</h3>
        {!readOnly && isNear && <RuleActions {...props} />}
      </header>
      {isNear ? (
        <>
          <ConditionEditor
            condition={rule.when}
            readOnly={readOnly}
            onChange={(when) => dispatch({ type: "rule-condition-set", id: rule.id, when })}
          />
          <ServeEditor
            label="Serve"
            serve={rule.serve}
            saved={saved?.serve}
            onChange={(serve) => dispatch({ type: "rule-serve-set", id: rule.id, serve })}
          />
        </>
      ) : (
        <p className={classes.ruleWords}>
          if {conditionWords(rule.when)}, serve {serveWords(rule.serve)}
        </p>
      )}
      {faults.map(({ path, message }) => (
        <p key={path + message} className={classes.fault} role="alert">
          {message}
        </p>
      ))}
    </section>
  );
});
