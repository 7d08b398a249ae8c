import type { ApiKey, Role } from "@lanyard/contract";
import type { KeyRecord } from "../../access/index.ts";
import type { StoredVerification } from "../../database/schema/index.ts";

/** A key as people see it: never its secret, unless it is public anyway. */
export function presentKey(record: KeyRecord, environmentKeys: Map<string, string>): ApiKey {
  const { id, kind, name, hint, createdBy } = record;
  return {
    id,
    kind,
    name,
    environments: record.environmentIds.map((environmentId) => environmentKeys.get(environmentId) ?? ""),
    hint,
    ...(record.publicValue !== null && { value: record.publicValue }),
    ...(record.role !== null && { role: record.role as Role }),
    ...(record.origins !== null && { origins: record.origins }),
    ...(record.verification !== null && { verification: shown(record.verification) }),
    ...(record.liftsOnResolve && { liftsOnResolve: true }),
    createdAt: record.createdAt.toISOString(),
    createdBy,
    expiresAt: record.expiresAt?.toISOString() ?? null,
    lastUsedAt: record.lastUsedAt?.toISOString() ?? null,
    revokedAt: record.revokedAt?.toISOString() ?? null,
  };
}

function shown(verification: StoredVerification): ApiKey["verification"] {
  const { algorithm, audience } = verification;
  return {
    algorithm,
    audience,
    ...(verification.algorithm === "EdDSA" && { publicKey: verification.publicKey }),
  };
}
