import type { Client, Context, Details } from "@lanyard/sdk-node";

export type Banner = "none" | "pro" | "enterprise";

/** What Lanyard decided for one request. */
export interface Decisions {
  newCheckout: Details<boolean>;
  recommendations: Details<boolean>;
  banner: Details<string>;
}

/** The flags this shop reads, and how to make those that are missing. */
export const FLAGS = {
  "new-checkout": "a boolean flag; on for 25 % by a split on targetingKey",
  recommendations: "a boolean flag, on for everybody: the one to kill",
  "plan-banner":
    'a string flag with the variations "none", "pro" and "enterprise"; a rule for each: plan in pro, plan in enterprise',
} as const;

export type FlagKey = keyof typeof FLAGS;

/** One user, three reads. The defaults are what the shop did before there were flags. */
export function decide(lanyard: Client, user: Context): Decisions {
  return {
    newCheckout: lanyard.details("new-checkout", user, false),
    recommendations: lanyard.details("recommendations", user, true),
    banner: lanyard.details("plan-banner", user, "none"),
  };
}

export function byFlag(decisions: Decisions): Record<FlagKey, Details<boolean | string>> {
  return {
    "new-checkout": decisions.newCheckout,
    recommendations: decisions.recommendations,
    "plan-banner": decisions.banner,
  };
}

/** The flags that the environment does not have. Without rules nobody knows, and none is missing. */
export function missingFlags(lanyard: Client): FlagKey[] {
  if (lanyard.status().state === "empty") return [];
  return Object.entries(byFlag(decide(lanyard, {})))
    .filter(([, { reason }]) => reason === "flag-not-found")
    .map(([key]) => key as FlagKey);
}
