import { Textarea, type TextareaProps } from "@mantine/core";

interface MessageFieldProps extends Pick<TextareaProps, "error"> {
  /** Protected environments want to know why. */
  required: boolean;
  value: string;
  onChange(message: string): void;
  "data-autofocus"?: true;
}

/** What the history will say of a change beside what it did. */
export function MessageField({ required, value, onChange, ...rest }: MessageFieldProps) {
  return (
    <Textarea
      label={required ? "Reason" : "Message"}
      description="Stands in the history"
      required={required}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...rest}
    />
  );
}
