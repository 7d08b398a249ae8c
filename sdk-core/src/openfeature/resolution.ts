import type { JsonValue } from "@lanyard/evaluation";
import {
  type OpenFeatureErrorCode,
  type OpenFeatureReason,
  openFeatureErrorCode,
  openFeatureReason,
} from "@lanyard/evaluation/openfeature";
import type { Details, ValueType } from "../reads.ts";

/** OpenFeature's details of a resolution, without its enumerations: each of its SDKs brings its own. */
export interface Resolution<Value> {
  value: Value;
  reason: OpenFeatureReason;
  variant?: string;
  errorCode?: OpenFeatureErrorCode | "PROVIDER_NOT_READY";
  errorMessage?: string;
  flagMetadata: Record<string, string>;
}

/** By what each kind of resolution reads: a caller's default may be of another type than what it asks for. */
export const SAMPLES: { readonly [Type in ValueType]: JsonValue } = {
  boolean: false,
  string: "",
  number: 0,
  json: null,
};

const WORDS: { readonly [Code in NonNullable<Resolution<unknown>["errorCode"]>]: string } = {
  FLAG_NOT_FOUND: "there is no such flag, or this key does not see it",
  TYPE_MISMATCH: "the flag is of another type",
  PROVIDER_NOT_READY: "there are no rules yet",
};

/** What a client answered, in OpenFeature's words. `Value` is the caller's word for what the flag holds. */
export function resolutionOf<Value>(
  details: Details<JsonValue>,
  fallback: Value,
  isStatic: boolean,
  flagMetadata: Record<string, string>,
): Resolution<Value> {
  const code = openFeatureErrorCode(details.reason);
  if (code) return failed(code, fallback, flagMetadata);
  return {
    value: details.value as Value,
    reason: openFeatureReason(details, isStatic),
    ...(details.variation !== undefined && { variant: details.variation }),
    flagMetadata,
  };
}

export function failed<Value>(
  errorCode: NonNullable<Resolution<Value>["errorCode"]>,
  fallback: Value,
  flagMetadata: Record<string, string> = {},
): Resolution<Value> {
  return { value: fallback, reason: "ERROR", errorCode, errorMessage: WORDS[errorCode], flagMetadata };
}
