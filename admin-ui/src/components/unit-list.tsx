import { TagsInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { textOf, unitsOf } from "./unit-text.ts";

interface UnitListProps {
  label: string;
  description?: string;
  values: string[];
  onChange(values: string[]): void;
  readOnly?: boolean;
  visibleLabel?: boolean;
}

/** Above this a list is text, one unit a line: tags would be slow and unreadable. */
const AS_TEXT_FROM = 60;

/** A list of units; paste as many as you like. */
export function UnitList({
  label,
  description,
  values,
  onChange,
  readOnly = false,
  visibleLabel = true,
}: UnitListProps) {
  const [asText, setAsText] = useState(values.length >= AS_TEXT_FROM);
  const [text, setText] = useState(() => values.join("\n"));
  const named = visibleLabel ? { label, description } : { "aria-label": label };
  if (asText || values.length >= AS_TEXT_FROM) {
    return (
      <Textarea
        {...named}
        minRows={4}
        maxRows={14}
        spellCheck={false}
        readOnly={readOnly}
        value={textOf(values, text)}
        onChange={(event) => {
          setAsText(true);
          setText(event.currentTarget.value);
          onChange(unitsOf(event.currentTarget.value));
        }}
      />
    );
  }
  return (
    <TagsInput
      {...named}
      placeholder={values.length === 0 ? "unit, Enter; or paste a list" : ""}
      splitChars={[",", ";", "\n"]}
      value={values}
      readOnly={readOnly}
      acceptValueOnBlur
      onChange={onChange}
    />
  );
}
