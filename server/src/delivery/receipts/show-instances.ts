import type { Instances } from "./instances.ts";
import { instancesKnown, mismatches, refusedFrames } from "./metrics.ts";

/** Makes the metrics say who is there, and what was wrong with what reached them. */
export function showInstances(instances: Instances): void {
  instancesKnown.set(instances.size);
  let refused = 0;
  let differed = 0;
  for (const known of instances.all()) {
    refused += known.refusedFrames ?? 0;
    differed += known.mismatches ?? 0;
  }
  refusedFrames.set(refused);
  mismatches.set(differed);
}
