import type { NewKey } from "@lanyard/contract";
import type { Caller } from "./caller.ts";

/** Who signs for the pages of the shop. */
export const AUDIENCE = "lanyard";
const BY_SECRET = { algorithm: "HS256", audience: AUDIENCE } as const;

interface SignedKey {
  environment?: string;
  verification?: Extract<NewKey, { kind: "client" }>["verification"];
}

/** Ordinary work in the project `shop` that `setUp` makes. */
export function shopOf(owner: Caller) {
  const shop = { project: "shop" };
  return {
    async flag(
      key: string,
      more: { name?: string; tags?: string[]; audience?: "server" | "client"; owner?: string } = {},
    ) {
      await owner.ok("POST /api/v1/projects/{project}/flags", {
        params: shop,
        body: { key, name: key, message: "made in a test", ...more },
      });
    },
    async turn(flag: string, on: boolean, environment = "development") {
      await owner.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
        params: { ...shop, flag, environment },
        body: { on, message: "turned in a test" },
      });
    },
    async key(kind: "server" | "client" | "kill", environment = "development", origins = ["*"]) {
      const bodies: Record<typeof kind, NewKey> = {
        server: { kind: "server", name: "app", environment, expiresAt: null },
        client: { kind: "client", name: "page", environment, origins, expiresAt: null },
        kill: { kind: "kill", name: "pager", environments: [environment], expiresAt: null },
      };
      return owner.ok("POST /api/v1/projects/{project}/keys", { params: shop, body: bodies[kind] });
    },
    /** A client key that believes signed contexts: by a secret of its own, unless told otherwise. */
    async signedKey({ environment = "development", verification = BY_SECRET }: SignedKey = {}) {
      const about = { name: "page", environment, origins: ["*"], expiresAt: null };
      return owner.ok("POST /api/v1/projects/{project}/keys", {
        params: shop,
        body: { kind: "client", ...about, verification },
      });
    },
  };
}
