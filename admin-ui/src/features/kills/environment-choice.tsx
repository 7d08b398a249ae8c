import type { Environment } from "@lanyard/contract";
import { EnvironmentName, environmentColor } from "../../components/environment-mark.tsx";
import classes from "./kills.module.css";

interface EnvironmentChoiceProps {
  environments: Environment[];
  value: string[];
  onChange(value: string[]): void;
}

/** Large enough for a thumb; each in its colour. */
export function EnvironmentChoice({ environments, value, onChange }: EnvironmentChoiceProps) {
  const toggle = (key: string) =>
    onChange(value.includes(key) ? value.filter((other) => other !== key) : [...value, key]);
  return (
    <fieldset className={classes.choices}>
      <legend className={classes.label}>Where</legend>
      {environments.map((environment) => (
        <label
          key={environment.key}
          className={classes.choice}
          style={{ "--environment": environmentColor(environment) } as React.CSSProperties}
        >
          <input
            type="checkbox"
            checked={value.includes(environment.key)}
            onChange={() => toggle(environment.key)}
          />
          <EnvironmentName environment={environment} />
        </label>
      ))}
    </fieldset>
  );
}
