import type { AttributeTest, JsonValue } from "@lanyard/evaluation";
import { Autocomplete, NumberInput, Select, TagsInput, TextInput, UnstyledButton } from "@mantine/core";
import { attributeNames, useCatalog } from "./catalog.ts";
import classes from "./condition-editor.module.css";
import { JsonField } from "./json-field.tsx";
import {
  foldsCase,
  operatorChoices,
  scalarFromText,
  shapeOf,
  valuesFromText,
  withOperator,
} from "./operators.ts";

interface TestEditorProps {
  test: AttributeTest;
  onChange(test: AttributeTest): void;
  readOnly: boolean;
}

/** One test: attribute, operator, values. */
export function TestEditor({ test, onChange, readOnly }: TestEditorProps) {
  const catalog = useCatalog();
  const type = catalog.attributes.find((one) => one.name === test.attribute)?.type;
  const { ignoreCase, ...bare } = test;
  return (
    <div className={classes.test}>
      <Autocomplete
        aria-label="Attribute"
        placeholder="attribute"
        data={attributeNames(catalog)}
        value={test.attribute}
        readOnly={readOnly}
        spellCheck={false}
        onChange={(attribute) => onChange({ ...test, attribute })}
      />
      <Select
        aria-label="Operator"
        data={operatorChoices(test.operator, type)}
        value={test.operator}
        allowDeselect={false}
        readOnly={readOnly}
        onChange={(operator) => operator && onChange(withOperator(test, operator))}
        comboboxProps={{ width: 220, position: "bottom-start" }}
        maxDropdownHeight={320}
      />
      <div className={classes.values}>
        <Values test={test} onChange={onChange} readOnly={readOnly} numeric={type === "number"} />
        {foldsCase(test.operator) && (
          <UnstyledButton
            className={classes.case}
            aria-pressed={ignoreCase ?? false}
            aria-label="Ignore upper and lower case"
            title="Ignore upper and lower case"
            disabled={readOnly}
            onClick={() => onChange(ignoreCase ? bare : { ...test, ignoreCase: true })}
          >
            Aa
          </UnstyledButton>
        )}
      </div>
    </div>
  );
}

function Values({ test, onChange, readOnly, numeric }: TestEditorProps & { numeric: boolean }) {
  const values = test.values ?? [];
  const set = (next: JsonValue[]) => onChange({ ...test, values: next });
  const [first] = values;
  switch (shapeOf(test)) {
    case "none":
      return <span />;
    case "list":
      return (
        <TagsInput
          aria-label="Values"
          placeholder={values.length === 0 ? "value, Enter" : ""}
          splitChars={[",", "\n"]}
          value={values.map(String)}
          readOnly={readOnly}
          acceptValueOnBlur
          onChange={(texts) => set(valuesFromText(texts, values, numeric))}
        />
      );
    case "scalars":
      return (
        <TagsInput
          aria-label="Values"
          placeholder={values.length === 0 ? "true, false or a number" : ""}
          data={["true", "false"]}
          value={values.map(String)}
          readOnly={readOnly}
          acceptValueOnBlur
          onChange={(texts) => set(texts.map(scalarFromText).filter((value) => value !== undefined))}
        />
      );
    case "number":
      return (
        <NumberInput
          aria-label="Number"
          value={typeof first === "number" ? first : ""}
          readOnly={readOnly}
          onChange={(value) => set(typeof value === "number" ? [value] : [])}
        />
      );
    case "version":
    case "instant":
      return (
        <TextInput
          aria-label={shapeOf(test) === "version" ? "Version" : "Time"}
          placeholder={shapeOf(test) === "version" ? "2.4.0" : "2026-12-01T08:00:00Z"}
          value={first === undefined ? "" : String(first)}
          readOnly={readOnly}
          spellCheck={false}
          onChange={(event) => set(event.currentTarget.value === "" ? [] : [event.currentTarget.value])}
        />
      );
    case "unknown":
      return (
        <JsonField
          label="Values as JSON"
          value={values}
          readOnly={readOnly}
          onChange={(value) => set(Array.isArray(value) ? value : [value])}
        />
      );
  }
}
