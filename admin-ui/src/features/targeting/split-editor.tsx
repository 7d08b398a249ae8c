import type { Split } from "@lanyard/evaluation";
import { Alert, Autocomplete, Button, NumberInput, Slider } from "@mantine/core";
import type { CSSProperties } from "react";
import { attributeNames, useCatalog } from "../../components/conditions/catalog.ts";
import { describeMovement, type Movement } from "../../lib/describe/describe-movement.ts";
import { variationColor } from "../../lib/variation-colors.ts";
import {
  evenWeights,
  formatPercent,
  percentOf,
  setWeight,
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
            <span className="mono truncate" title={entry.variation}>
              {entry.variation}
            </span>
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
      <WhoMoves split={split} saved={saved} />
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

const TONES: Readonly<Record<Movement["kind"], string | undefined>> = {
  adds: classes.good,
  removes: classes.hint,
  moves: classes.warning,
  "deals-anew": classes.warning,
};

/** Says whom an edit of the weights moves, before it is saved. */
function WhoMoves({ split, saved }: { split: Split; saved: Split | undefined }) {
  const [first, second, ...more] = split.weights;
  const sum = split.weights.reduce((total, entry) => total + entry.weight, 0);
  if (sum !== TOTAL_WEIGHT)
    return <Alert color="red">The weights sum to {formatPercent(sum)}, not to 100 %.</Alert>;
  const movement = saved && describeMovement(saved, split);
  if (movement) return <p className={TONES[movement.kind]}>{movement.text}.</p>;
  if (!first || !second || more.length > 0) return null;
  return <p className={classes.hint}>Raising {first.variation} only adds people to it.</p>;
}
