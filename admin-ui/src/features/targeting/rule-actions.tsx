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
import { newRuleId } from "./new-rule-id.ts";
import classes from "./targeting.module.css";
import type { DraftAction } from "./targeting-draft.ts";

interface GripProps {
  rule: Rule;
  /** Told which rule is dragged, and that none is any more. */
  onDrag(rule: string | null): void;
}

export function Grip({ rule, onDrag }: GripProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging is a shortcut; the menu moves rules by keyboard.
    <span
      className={classes.grip}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", rule.id);
        onDrag(rule.id);
      }}
      onDragEnd={() => onDrag(null)}
      title="Drag to reorder"
    >
      <IconGripVertical size={16} aria-hidden="true" />
    </span>
  );
}

interface RuleActionsProps {
  rule: Rule;
  index: number;
  count: number;
  dispatch(action: DraftAction): void;
}

/** What is done with a rule as a whole. */
export function RuleActions({ rule, index, count, dispatch }: RuleActionsProps) {
  const move = (to: number) => dispatch({ type: "rule-moved", id: rule.id, to });
  return (
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
  );
}

function RuleMenu({ rule, index, dispatch }: Omit<RuleActionsProps, "count">) {
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
