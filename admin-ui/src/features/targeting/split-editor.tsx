import type { Split } from "@lanyard/evaluation";
import { Alert, Autocomplete, Button, NumberInput, Slider } from "@mantine/core";
import type { CSSProperties } from "react";
import { attributeNames, useCatalog } from "../../components/conditions/catalog.ts";
import { variationColor } from "../../lib/variation-colors.ts";
import {
  evenWeights,
  formatPercent,
  percentOf,
  setWeight,
  splitMovement,
  TOTAL_WEIGHT,
  weightOf,
} from "../../lib/weights.ts";
import { useEditedFlag } from "./flag-context.ts";
import classes from "./split-editor.module.css";

interface SplitEditorProps {
  split: Split;
  saved: Split | undefined;
  onChange(split: Split): void;
}

export function SplitEditor({ split, saved, onChange }: SplitEditorProps) {
  const { flag, readOnly } = useEditedFlag();
  const catalog = useCatalog();
  const { weights } = split;
  const set = (index: number, weight: number) =>
    onChange({ ...split, weights: setWeight(weights, index, weight) });
  const missing = flag.variations.filter((one) => !weights.some((entry) => entry.variation === one.id));
  return (
    <div className={classes.split}>
      <WeightBar split={split} />
      {weights.map((entry, index) => (
        <div key={entry.variation} className={classes.weight}>
          <span className={classes.variation}>
            <span
              className={classes.swatch}
              style={{ background: variationColor(flag.variations, flag.off, entry.variation) }}
            />
            <span className="mono truncate">{entry.variation}</span>
          </span>
          <Slider
            className={classes.slider}
            size="sm"
            min={0}
            max={100}
            step={1}
            label={null}
            thumbLabel={`Share of ${entry.variation} in percent`}
            value={percentOf(entry.weight)}
            disabled={readOnly || weights.length === 1}
            styles={{ bar: { background: variationColor(flag.variations, flag.off, entry.variation) } }}
            onChange={(percent) =>
              percent !== Math.round(percentOf(entry.weight)) && set(index, weightOf(percent))
            }
          />
          <NumberInput
            aria-label={`Percent of ${entry.variation}`}
            className={classes.number}
            value={percentOf(entry.weight)}
            min={0}
            max={100}
            step={1}
            decimalScale={3}
            suffix=" %"
            clampBehavior="strict"
            readOnly={readOnly || weights.length === 1}
            onChange={(percent) => typeof percent === "number" && set(index, weightOf(percent))}
          />
        </div>
      ))}
      <div className={classes.foot}>
        <Autocomplete
          label="Unit"
          size="xs"
          w={170}
          data={attributeNames(catalog)}
          value={split.unit}
          readOnly={readOnly}
          onChange={(unit) => onChange({ ...split, unit })}
        />
        {!readOnly && (
          <div className={classes.buttons}>
            {missing.map((one) => (
              <Button
                key={one.id}
                variant="default"
                size="xs"
                onClick={() =>
                  onChange({ ...split, weights: [...weights, { variation: one.id, weight: 0 }] })
                }
              >
                Add {one.id}
              </Button>
            ))}
            <Button
              variant="default"
              size="xs"
              onClick={() =>
                onChange({ ...split, weights: evenWeights(weights.map((entry) => entry.variation)) })
              }
            >
              Even
            </Button>
          </div>
        )}
      </div>
      <Movement split={split} saved={saved} />
    </div>
  );
}

function WeightBar({ split }: { split: Split }) {
  const { flag } = useEditedFlag();
  return (
    <div className={classes.bar} aria-hidden="true">
      {split.weights.map((entry) => (
        <span
          key={entry.variation}
          className={classes.share}
          style={
            {
              "--share": entry.weight / TOTAL_WEIGHT,
              background: variationColor(flag.variations, flag.off, entry.variation),
            } as CSSProperties
          }
        />
      ))}
    </div>
  );
}

/** Says whom an edit of the weights moves, before it is saved. */
function Movement({ split, saved }: { split: Split; saved: Split | undefined }) {
  const first = split.weights[0];
  const sum = split.weights.reduce((total, entry) => total + entry.weight, 0);
  if (sum !== TOTAL_WEIGHT)
    return <Alert color="red">The weights sum to {formatPercent(sum)}, not to 100 %.</Alert>;
  if (!saved || !first) {
    return (
      <p className={classes.hint}>
        A {split.unit} always lands in the same place: raising a share of two only adds.
      </p>
    );
  }
  if (saved.unit !== split.unit) {
    return <p className={classes.warning}>Another unit deals everyone anew: people will change variation.</p>;
  }
  switch (splitMovement(saved.weights, split.weights)) {
    case "adds":
      return <p className={classes.good}>Only adds people to {first.variation}: nobody is moved out.</p>;
    case "removes":
      return <p className={classes.hint}>Takes people out of {first.variation}; those who stay keep it.</p>;
    case "moves":
      return <p className={classes.warning}>With these weights some people move between variations.</p>;
    case "same":
      return split.weights.length === 2 ? (
        <p className={classes.hint}>Raising {first.variation} only adds people to it.</p>
      ) : null;
  }
}
