import type { Target } from "@lanyard/evaluation";
import { ActionIcon, Autocomplete, Button, Select } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { attributeNames, useCatalog } from "../../components/conditions/catalog.ts";
import { replaceAt } from "../../components/conditions/condition-tree.ts";
import { UnitList } from "../../components/unit-list.tsx";
import { useEditedFlag } from "./flag-context.ts";
import classes from "./targeting.module.css";

interface TargetsEditorProps {
  targets: Target[];
  onChange(targets: Target[]): void;
}

/** Single units that always get a certain variation, before any rule is asked. */
export function TargetsEditor({ targets, onChange }: TargetsEditorProps) {
  const { flag, readOnly } = useEditedFlag();
  const catalog = useCatalog();
  const firstNotOff = flag.variations.find((one) => one.id !== flag.off)?.id ?? flag.off;
  return (
    <div className={classes.stack}>
      {targets.map((target, index) => {
        const set = (changed: Partial<Target>) =>
          onChange(replaceAt(targets, index, { ...target, ...changed }));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: targets have no identity but their place.
          <div key={index} className={classes.target}>
            <Autocomplete
              aria-label="Unit"
              data={attributeNames(catalog)}
              value={target.unit}
              readOnly={readOnly}
              onChange={(unit) => set({ unit })}
            />
            <UnitList
              label={`Units that get ${target.variation}`}
              visibleLabel={false}
              values={target.values}
              readOnly={readOnly}
              onChange={(values) => set({ values })}
            />
            <Select
              aria-label="Variation"
              data={flag.variations.map((one) => ({ value: one.id, label: `get ${one.id}` }))}
              value={target.variation}
              allowDeselect={false}
              readOnly={readOnly}
              onChange={(variation) => variation && set({ variation })}
            />
            {!readOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label="Remove these targets"
                onClick={() => onChange(targets.filter((_one, at) => at !== index))}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </div>
        );
      })}
      {readOnly && targets.length === 0 && <p className={classes.quiet}>No targets.</p>}
      {!readOnly && (
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes.addSmall}
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...targets, { unit: "targetingKey", variation: firstNotOff, values: [] }])}
        >
          Target single units
        </Button>
      )}
    </div>
  );
}
