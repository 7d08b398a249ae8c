import type { KillElement } from "@lanyard/evaluation";
import type { LiftElement } from "../../../fanout/index.ts";
import type { EnvironmentEvent } from "../../environments/index.ts";

/** What the wire protocol asks of an SDK: two sets that only grow, and no clock. */
export class ModelSdk {
  readonly environmentId: string;
  readonly #killed = new Map<string, KillElement>();
  readonly #lifted = new Set<string>();
  /** Ends the stream that it has; undefined without one. */
  #leave: (() => void) | undefined;

  constructor(environmentId: string) {
    this.environmentId = environmentId;
  }

  connect(node: { connect(sdk: ModelSdk): (() => void) | undefined }): void {
    this.#leave?.();
    this.#leave = node.connect(this);
  }

  open(killed: KillElement[], lifted: LiftElement[]): void {
    for (const element of killed) this.#killed.set(nameOf(element), element);
    for (const element of lifted) this.#lifted.add(nameOf(element));
  }

  hear(event: EnvironmentEvent): void {
    if (event.environment.id !== this.environmentId) return;
    if (event.type === "killed") this.open(event.elements, []);
    if (event.type === "lifted") this.open([], event.elements);
  }

  held(): KillElement[] {
    return [...this.#killed.values()].filter((element) => !this.#lifted.has(nameOf(element)));
  }
}

function nameOf({ id, flag }: LiftElement): string {
  return `${id} ${flag}`;
}
