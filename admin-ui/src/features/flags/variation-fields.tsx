import type { FlagType } from "@lanyard/evaluation";
import { ActionIcon, Button, Radio, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./flag-form.module.css";
import type { VariationText } from "./new-flag.ts";

interface Edited {
  variations: VariationText[];
  off: string;
}

interface VariationFieldsProps {
  type: FlagType;
  value: Edited;
  /** By path, `variations.0.text` for example. */
  errors: Record<string, ReactNode>;
  onChange(value: Edited): void;
  readOnly?: boolean;
}

/** The variations of a flag, and which of them is served when it is off or killed. */
export function VariationFields({ type, value, errors, onChange, readOnly = false }: VariationFieldsProps) {
  const { variations, off } = value;
  const edit = (index: number, changed: Partial<VariationText>) => {
    const before = variations[index];
    const next = variations.map((variation, at) => (at === index ? { ...variation, ...changed } : variation));
    const renamedOff = before?.id === off && changed.id !== undefined;
    onChange({ variations: next, off: renamedOff ? (changed.id ?? off) : off });
  };
  const remove = (index: number) =>
    onChange({ variations: variations.filter((_one, at) => at !== index), off });
  const add = () =>
    onChange({ variations: [...variations, { id: `v${variations.length + 1}`, text: "" }], off });
  return (
    <fieldset className={classes.variations}>
      <legend className={classes.label}>Variations</legend>
      <Radio.Group
        value={off}
        onChange={(id) => onChange({ variations, off: id })}
        aria-label="Off variation"
      >
        {variations.map((variation, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the id is what is being typed.
          <div key={index} className={classes.variation}>
            <TextInput
              aria-label={`Id of variation ${index + 1}`}
              placeholder="id"
              value={variation.id}
              readOnly={readOnly}
              error={errors[`variations.${index}.id`]}
              onChange={(event) => edit(index, { id: event.currentTarget.value })}
            />
            <Textarea
              aria-label={`Value of variation ${index + 1}`}
              placeholder="value"
              minRows={1}
              maxRows={8}
              value={variation.text}
              readOnly={readOnly || type === "boolean"}
              error={errors[`variations.${index}.text`] ?? errors[`variations.${index}.value`]}
              onChange={(event) => edit(index, { text: event.currentTarget.value })}
            />
            <Radio value={variation.id} label="off" disabled={readOnly} className={classes.off} />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove variation ${variation.id}`}
              disabled={readOnly || variation.id === off || variations.length < 2}
              onClick={() => remove(index)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        ))}
      </Radio.Group>
      <div className={classes.variationFoot}>
        {!readOnly && type !== "boolean" && (
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
            Variation
          </Button>
        )}
        <span className={classes.hint}>“off” is served when the flag is off or killed</span>
      </div>
    </fieldset>
  );
}
