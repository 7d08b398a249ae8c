import type { ProblemCode } from "@lanyard/contract";
import type { AppError } from "../../errors.ts";

type OfrepErrorCode = "FLAG_NOT_FOUND" | "PARSE_ERROR" | "INVALID_CONTEXT" | "GENERAL";

/** An error in the protocol's own shape: a code where the request or the flag is at fault, words always. */
export interface OfrepFailure {
  key?: string;
  errorCode?: OfrepErrorCode;
  errorDetails: string;
}

const CODES: Partial<Record<ProblemCode, OfrepErrorCode>> = {
  "malformed-json": "PARSE_ERROR",
  "body-too-large": "PARSE_ERROR",
  "unsupported-media-type": "PARSE_ERROR",
  "invalid-input": "GENERAL",
  "not-found": "FLAG_NOT_FOUND",
};

const FLAG_PATH = /^\/v1\/evaluate\/flags\/([^/]+)$/;

/** `path` is what follows `/ofrep`. */
export function failureOf(error: AppError, path: string): OfrepFailure {
  const errorCode = isContextFault(error) ? "INVALID_CONTEXT" : CODES[error.code];
  const encoded = FLAG_PATH.exec(path)?.[1];
  return {
    ...(errorCode && encoded !== undefined && { key: decoded(encoded) }),
    ...(errorCode && { errorCode }),
    errorDetails:
      error.faults?.map(({ path: at, message }) => `${at} ${message}`).join("; ") || error.message,
  };
}

function isContextFault({ faults = [] }: AppError): boolean {
  return faults.some(({ path }) => path === "/context" || path.startsWith("/context/"));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
