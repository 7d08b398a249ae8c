import { createHash } from "node:crypto";

/**
 * Names a kill by who asked for what, so that retries on two nodes are one kill without asking each other. Without an
 * idempotency key the coverage stands for it: a finger that presses twice kills once.
 */
export function killId(request: {
  projectId: string;
  principal: { kind: string; id: string };
  idempotencyKey: string | undefined;
  coverage: unknown;
}): string {
  const { projectId, principal, idempotencyKey, coverage } = request;
  const what = idempotencyKey === undefined ? { coverage } : { idempotencyKey };
  return name([projectId, principal.kind, principal.id, what]);
}

/** After a lift the same request is another kill: the same runbook next week must kill again. */
export function nextKillId(liftedId: string): string {
  return name(["after", liftedId]);
}

function name(parts: unknown): string {
  return `kill_${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 26)}`;
}
