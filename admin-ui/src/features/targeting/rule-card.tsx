import type { Rule } from "@lanyard/evaluation";
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconGripVertical,
  IconTrash,
} from "@tabler/icons-react";
import type { DragEvent } from "react";
import { ConditionEditor } from "../../components/conditions/condition-editor.tsx";
import { useEditedFlag } from "./flag-context.ts";
import { ServeEditor } from "./serve-editor.tsx";
import classes from "./targeting.module.css";
import type { DraftAction } from "./targeting-draft.ts";

interface RuleCardProps {
  rule: Rule;
  index: number;
  count: number;
  saved: Rule | undefined;
  faults: string[];
  dispatch(action: DraftAction): void;
  drag: { onDragStart(event: DragEvent): void; onDragEnd(): void };
}

export function RuleCard({ rule, index, count, saved, faults, dispatch, drag }: RuleCardProps) {
  const { readOnly } = useEditedFlag();
  const move = (to: number) => dispatch({ type: "rule-moved", id: rule.id, to });
  return (
    <section
      className={classes.card}
      aria-label={`Rule ${index + 1}`}
      data-faulty={faults.length > 0 || undefined}
    >
      <header className={classes.cardHead}>
        {!readOnly && (
          // biome-ignore lint/a11y/noStaticElementInteractions: dragging is a shortcut; the menu moves rules by keyboard.
          <span
            className={classes.grip}
            draggable
            onDragStart={drag.onDragStart}
            onDragEnd={drag.onDragEnd}
            title="Drag to reorder"
          >
            <IconGripVertical size={16} aria-hidden="true" />
          </span>
        )}
        <h3 className={classes.cardTitle}>Rule {index + 1}</h3>
        {!readOnly && (
          <>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Move rule ${index + 1} up`}
              disabled={index === 0}
              onClick={() => move(index - 1)}
            >
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Move rule ${index + 1} down`}
              disabled={index === count - 1}
              onClick={() => move(index + 1)}
            >
              <IconArrowDown size={16} />
            </ActionIcon>
            <RuleMenu rule={rule} index={index} dispatch={dispatch} />
          </>
        )}
      </header>
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
      {faults.map((fault) => (
        <p key={fault} className={classes.fault} role="alert">
          {fault}
        </p>
      ))}
    </section>
  );
}

function RuleMenu({ rule, index, dispatch }: Pick<RuleCardProps, "rule" | "index" | "dispatch">) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`More for rule ${index + 1}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCopy size={15} />}
          onClick={() => dispatch({ type: "rule-copied", id: rule.id, newId: newRuleId() })}
        >
          Copy below
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={15} />}
          onClick={() => dispatch({ type: "rule-removed", id: rule.id })}
        >
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Lineage id of a rule; stays with it through every edit. */
export function newRuleId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `r_${Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("")}`;
}
