import type { Serve, Split } from "@lanyard/evaluation";
import { Select } from "@mantine/core";
import { valueWords } from "../../lib/describe/describe-condition.ts";
import { TOTAL_WEIGHT } from "../../lib/weights.ts";
import { useEditedFlag } from "./flag-context.ts";
import { SplitEditor } from "./split-editor.tsx";
import classes from "./targeting.module.css";

const SPLIT = "\u0000split";

interface ServeEditorProps {
  label: string;
  serve: Serve;
  /** What is saved, to say whom an edit moves. */
  saved: Serve | undefined;
  onChange(serve: Serve): void;
}

/** What someone gets: one variation, or a split. */
export function ServeEditor({ label, serve, saved, onChange }: ServeEditorProps) {
  const { flag, readOnly } = useEditedFlag();
  const choices = [
    ...flag.variations.map((variation) => ({
      value: variation.id,
      label:
        variation.id === String(variation.value)
          ? variation.id
          : `${variation.id}: ${valueWords(variation.value)}`,
    })),
    { value: SPLIT, label: "A split by percentage" },
  ];
  const choose = (value: string | null) => {
    if (value === null) return;
    onChange(value === SPLIT ? { split: startingSplit(flag.variations, flag.off) } : { variation: value });
  };
  return (
    <div className={classes.serve}>
      <div className={classes.serveLine}>
        <span className={classes.serveWord}>{label}</span>
        <Select
          aria-label={label}
          className={classes.serveSelect}
          data={choices}
          value={"variation" in serve ? serve.variation : SPLIT}
          allowDeselect={false}
          readOnly={readOnly}
          onChange={choose}
        />
      </div>
      {"split" in serve && (
        <SplitEditor
          split={serve.split}
          saved={saved && "split" in saved ? saved.split : undefined}
          onChange={(split) => onChange({ split })}
        />
      )}
    </div>
  );
}

/** The off variation last, so that raising the first weight only adds people; nobody is in at first. */
function startingSplit(variations: { id: string }[], off: string): Split {
  const ids = [...variations.map((one) => one.id).filter((id) => id !== off), off];
  return {
    unit: "targetingKey",
    weights: ids.map((variation) => ({ variation, weight: variation === off ? TOTAL_WEIGHT : 0 })),
  };
}
