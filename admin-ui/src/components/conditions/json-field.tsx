import type { JsonValue } from "@lanyard/evaluation";
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { sameJson } from "../../lib/targeting.ts";

interface JsonFieldProps {
  label: string;
  value: unknown;
  onChange(value: JsonValue): void;
  readOnly?: boolean;
  visibleLabel?: boolean;
  minRows?: number;
}

/** JSON as text; only what parses is handed on. */
export function JsonField({
  label,
  value,
  onChange,
  readOnly = false,
  visibleLabel = false,
  minRows = 1,
}: JsonFieldProps) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [fault, setFault] = useState<string | null>(null);
  const [shown, setShown] = useState(value);
  if (!sameJson(shown, value)) {
    // The value came from elsewhere: undo, or another person.
    setShown(value);
    setText(JSON.stringify(value, null, 2));
    setFault(null);
  }
  const edit = (next: string) => {
    setText(next);
    try {
      const parsed = JSON.parse(next) as JsonValue;
      setFault(null);
      setShown(parsed);
      onChange(parsed);
    } catch {
      setFault("This is not JSON yet");
    }
  };
  return (
    <Textarea
      {...(visibleLabel ? { label } : { "aria-label": label })}
      styles={{
        root: { flex: 1 },
        input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 },
      }}
      minRows={minRows}
      maxRows={24}
      spellCheck={false}
      value={text}
      error={fault}
      readOnly={readOnly}
      onChange={(event) => edit(event.currentTarget.value)}
    />
  );
}
