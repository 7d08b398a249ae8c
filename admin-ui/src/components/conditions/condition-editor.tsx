import type { Condition } from "@lanyard/evaluation";
import { ActionIcon, Button, Menu, Select, UnstyledButton } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useCatalog } from "./catalog.ts";
import classes from "./condition-editor.module.css";
import {
  type ConditionKind,
  conditionOf,
  type Group,
  groupOf,
  kindOf,
  negated,
  newTest,
  replaceAt,
} from "./condition-tree.ts";
import { JsonField } from "./json-field.tsx";
import { TestEditor } from "./test-editor.tsx";

interface ConditionEditorProps {
  condition: Condition;
  onChange(condition: Condition): void;
  readOnly?: boolean;
}

/** A condition as a list of tests joined by "and" or "or"; groups nest. */
export function ConditionEditor({ condition, onChange, readOnly = false }: ConditionEditorProps) {
  const group = groupOf(condition);
  const change = (next: Group) => onChange(conditionOf(next, condition));
  const remove = (index: number) =>
    change({ ...group, items: group.items.filter((_item, at) => at !== index) });
  return (
    <div className={classes.group}>
      {group.items.length === 0 && (
        <p className={classes.none}>
          {group.word === "all"
            ? "Nothing is asked yet: add a condition."
            : "Nobody matches yet: add a condition."}
        </p>
      )}
      {group.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place.
        <div key={index} className={classes.item}>
          <Joint
            first={index === 0}
            word={group.word}
            onFlip={
              readOnly ? undefined : () => change({ ...group, word: group.word === "all" ? "any" : "all" })
            }
          />
          <Item
            condition={item}
            readOnly={readOnly}
            onChange={(next) => change({ ...group, items: replaceAt(group.items, index, next) })}
          />
          {!readOnly && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label="Remove this condition"
              onClick={() => remove(index)}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </div>
      ))}
      {!readOnly && <AddCondition onAdd={(item) => change({ ...group, items: [...group.items, item] })} />}
    </div>
  );
}

function Joint({
  first,
  word,
  onFlip,
}: {
  first: boolean;
  word: Group["word"];
  onFlip: (() => void) | undefined;
}) {
  if (first) return <span className={classes.joint}>if</span>;
  const shown = word === "all" ? "and" : "or";
  if (!onFlip) return <span className={classes.joint}>{shown}</span>;
  return (
    <UnstyledButton className={classes.flip} onClick={onFlip} aria-label={`Joined by “${shown}”, change`}>
      {shown}
    </UnstyledButton>
  );
}

function Item({ condition, onChange, readOnly = false }: ConditionEditorProps) {
  const isNot = kindOf(condition) === "not";
  const inner = isNot && "not" in condition ? condition.not : condition;
  const set = (next: Condition) => onChange(isNot ? { not: next } : next);
  return (
    <div className={classes.body}>
      <UnstyledButton
        className={classes.not}
        aria-pressed={isNot}
        disabled={readOnly}
        onClick={() => onChange(negated(condition))}
        title="Turn the condition round"
      >
        not
      </UnstyledButton>
      <Shape kind={kindOf(inner)} condition={inner} onChange={set} readOnly={readOnly} />
    </div>
  );
}

function Shape({
  kind,
  condition,
  onChange,
  readOnly = false,
}: ConditionEditorProps & { kind: ConditionKind }) {
  if (kind === "test" && "attribute" in condition)
    return <TestEditor test={condition} onChange={onChange} readOnly={readOnly} />;
  if (kind === "segment" && "segment" in condition) {
    return (
      <SegmentChoice
        segment={condition.segment}
        onChange={(segment) => onChange({ segment })}
        readOnly={readOnly}
      />
    );
  }
  if (kind === "all" || kind === "any" || kind === "not") {
    return (
      <div className={classes.nested}>
        <ConditionEditor condition={condition} onChange={onChange} readOnly={readOnly} />
      </div>
    );
  }
  return (
    <JsonField
      label="Condition as JSON"
      value={condition}
      readOnly={readOnly}
      onChange={(value) => onChange(value as unknown as Condition)}
    />
  );
}

function SegmentChoice({
  segment,
  onChange,
  readOnly,
}: {
  segment: string;
  onChange(segment: string): void;
  readOnly: boolean;
}) {
  const { segments } = useCatalog();
  const choices = segment && !segments.includes(segment) ? [segment, ...segments] : segments;
  return (
    <div className={classes.segment}>
      <span className={classes.words}>in segment</span>
      <Select
        aria-label="Segment"
        placeholder="Choose a segment"
        searchable
        data={choices}
        value={segment || null}
        readOnly={readOnly}
        allowDeselect={false}
        nothingFoundMessage="No segment by that name"
        onChange={(value) => onChange(value ?? "")}
      />
    </div>
  );
}

function AddCondition({ onAdd }: { onAdd(condition: Condition): void }) {
  return (
    <div className={classes.add}>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        onClick={() => onAdd(newTest())}
      >
        Condition
      </Button>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="subtle" color="gray" size="compact-sm">
            More…
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onAdd({ segment: "" })}>In a segment</Menu.Item>
          <Menu.Item onClick={() => onAdd({ all: [newTest()] })}>A group of conditions</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
