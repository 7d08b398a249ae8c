/** The flags this page reads, each with what it does before there is such a flag: the same three as the shop's. */
export const FLAGS = {
  "new-checkout": false,
  recommendations: true,
  "plan-banner": "none",
};

/** What a banner says; the flag's other values show none. */
export const BANNERS: Readonly<Record<string, string>> = {
  pro: "Pro members: free shipping on everything, all week.",
  enterprise: "Your fleet manager has approved orders up to € 5,000. Sail on.",
};

export const PLANS = ["free", "pro", "enterprise"] as const;
export type Plan = (typeof PLANS)[number];
