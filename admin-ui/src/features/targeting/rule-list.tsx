import type { Fault } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import { useEditedFlag } from "./flag-context.ts";
import { newRuleId } from "./new-rule-id.ts";
import { RuleCard } from "./rule-card.tsx";
import classes from "./targeting.module.css";
import type { Draft, DraftAction } from "./targeting-draft.ts";

interface RuleListProps {
  draft: Draft;
  faults: Fault[];
  dispatch(action: DraftAction): void;
}

/** The rules, in the order in which they are tried; the first that holds decides. */
export function RuleList({ draft, faults, dispatch }: RuleListProps) {
  const { flag, readOnly } = useEditedFlag();
  const [dragged, setDragged] = useState<string | null>(null);
  const { rules } = draft.now;
  const firstNotOff = flag.variations.find((one) => one.id !== flag.off)?.id ?? flag.off;
  const over = (event: DragEvent, index: number) => {
    if (!dragged) return;
    event.preventDefault();
    if (rules[index]?.id !== dragged) dispatch({ type: "rule-moved", id: dragged, to: index });
  };
  return (
    <div className={classes.rules}>
      {rules.map((rule, index) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; the arrows do it by keyboard.
        <div
          key={rule.id}
          data-dragged={dragged === rule.id || undefined}
          className={classes.slot}
          onDragOver={(event) => over(event, index)}
        >
          <RuleCard
            rule={rule}
            index={index}
            count={rules.length}
            saved={draft.base.rules.find((other) => other.id === rule.id)}
            faults={faults}
            dispatch={dispatch}
            onDrag={setDragged}
          />
        </div>
      ))}
      {!readOnly && (
        <Button
          variant="default"
          className={classes.addRule}
          leftSection={<IconPlus size={16} />}
          onClick={() => dispatch({ type: "rule-added", id: newRuleId(), serve: { variation: firstNotOff } })}
        >
          Add a rule
        </Button>
      )}
      {readOnly && rules.length === 0 && <p className={classes.quiet}>No rules.</p>}
    </div>
  );
}
