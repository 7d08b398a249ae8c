import { readdirSync, readFileSync } from "node:fs";
import type { Context, Decision, Ruleset } from "../model.ts";

/** Expects a hash of a text. */
export interface HashVector {
  name: string;
  text: string;
  expect: { hash: number };
}

/** Expects where a unit falls. */
export interface BucketVector {
  name: string;
  seed: string;
  unit: string;
  expect: { bucket: number };
}

/** Expects a decision; fields that are not named are absent from it. */
export interface DecisionVector {
  name: string;
  ruleset: Ruleset;
  key: string;
  context: Context;
  expect: Partial<Decision>;
}

interface FileOf<Kind extends string, Vector> {
  /** The name of the file, without its extension. */
  file: string;
  specVersion: 1;
  kind: Kind;
  description: string;
  vectors: Vector[];
}

/** One file of vectors; its kind says which. */
export type VectorFile =
  | FileOf<"hash", HashVector>
  | FileOf<"bucket", BucketVector>
  | FileOf<"evaluate", DecisionVector>;

const FOLDER = new URL("../../vectors/", import.meta.url);

/** Every vector there is, file by file. */
export function loadVectors(): VectorFile[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json") && name !== "frozen.json")
    .sort()
    .map((name) => ({
      file: name.replace(".json", ""),
      ...JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")),
    }));
}
