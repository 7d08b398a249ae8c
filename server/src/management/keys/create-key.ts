import type { ApiKey, NewKey } from "@lanyard/contract";
import {
  type Actor,
  hashSecret,
  isEd25519PublicKey,
  KEY_PREFIX,
  newSecret,
  type ProjectRef,
  SIGNING_PREFIX,
  signingPlace,
  type Vault,
} from "../../access/index.ts";
import { apiKeys, type StoredVerification } from "../../database/schema/index.ts";
import { invalidBody } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { applyChange, type EnvironmentRow } from "../changes/index.ts";
import type { Services } from "../services.ts";
import { presentKey } from "./present.ts";

const HINT_CHARACTERS = 4;

/** The answer is the only place where secrets are ever seen. */
export function createKey(
  services: Services,
  actor: Actor,
  input: { project: ProjectRef; key: NewKey },
): Promise<ApiKey & { secret: string; signingSecret?: string | undefined }> {
  const { project, key } = input;
  const prefix = KEY_PREFIX[key.kind];
  const secret = newSecret(prefix);
  if (key.expiresAt !== null && Date.parse(key.expiresAt) <= Date.now())
    throw invalidBody([{ path: "/expiresAt", message: "this moment has passed" }]);
  return applyChange(services, actor, {
    projectId: project.id,
    permission: "key:manage",
    action: "key.created",
    async edit(tx, { environments }) {
      const chosen = chosenEnvironments(key, environments);
      const id = newId("key");
      const { verification, signingSecret } = verificationOf(key, id, services.vault);
      const record = {
        id,
        projectId: project.id,
        kind: key.kind,
        name: key.name,
        environmentIds: chosen.map(({ id }) => id),
        hint: secret.slice(0, prefix.length + HINT_CHARACTERS),
        secretHash: hashSecret(secret),
        publicValue: key.kind === "client" ? secret : null,
        role: key.kind === "management" ? key.role : null,
        origins: key.kind === "client" ? key.origins : null,
        verification,
        liftsOnResolve: key.kind === "kill" && (key.liftsOnResolve ?? false),
        createdBy: actor.name,
        createdAt: new Date(),
        expiresAt: key.expiresAt === null ? null : new Date(key.expiresAt),
        lastUsedAt: null,
        revokedAt: null,
      };
      await tx.insert(apiKeys).values(record);
      const shown = presentKey(record, new Map(environments.map((row) => [row.id, row.key])));
      return {
        subject: { kind: "key", key: record.id },
        before: null,
        after: recorded(shown),
        changesAccess: true,
        result: { ...shown, secret, ...(signingSecret !== undefined && { signingSecret }) },
      };
    },
  });
}

/** What the key will verify by; of HS256 the secret is made here, kept sealed, and shown once. */
function verificationOf(
  key: NewKey,
  id: string,
  vault: Vault,
): { verification: StoredVerification | null; signingSecret?: string } {
  if (key.kind !== "client" || !key.verification) return { verification: null };
  const { verification } = key;
  if (verification.algorithm === "EdDSA") {
    if (isEd25519PublicKey(verification.publicKey)) return { verification };
    throw invalidBody([
      { path: "/verification/publicKey", message: "give an Ed25519 public key in PEM: BEGIN PUBLIC KEY" },
    ]);
  }
  const signingSecret = newSecret(SIGNING_PREFIX);
  const sealedSecret = vault.seal(signingPlace(id), signingSecret);
  return { verification: { ...verification, sealedSecret }, signingSecret };
}

function chosenEnvironments(key: NewKey, environments: EnvironmentRow[]): EnvironmentRow[] {
  const named =
    "environment" in key
      ? [{ path: "/environment", name: key.environment }]
      : [...new Set(key.environments)].map((name, i) => ({ path: `/environments/${i}`, name }));
  const found = named.map(({ path, name }) => ({ path, row: environments.find((row) => row.key === name) }));
  const faults = found.flatMap(({ path, row }) =>
    row ? [] : [{ path, message: "there is no such environment" }],
  );
  if (faults.length > 0) throw invalidBody(faults);
  return found.flatMap(({ row }) => (row ? [row] : []));
}

/** What the record keeps of a key. */
export function recorded(key: ApiKey) {
  const { kind, name, environments, hint, role, origins, verification, liftsOnResolve, expiresAt } = key;
  return { kind, name, environments, hint, role, origins, verification, liftsOnResolve, expiresAt };
}
