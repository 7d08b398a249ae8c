/** A context that the customer's backend signed: a JWT. */
interface Signed {
  token: string | undefined;
  /** Seconds since 1970. */
  exp?: number;
  /** What it vouches for. */
  context?: unknown;
}

/** The signed context in use, asked of the application once until it is about to expire. */
export interface SignedContext {
  /** To send with requests for rules. Rejects when the application cannot supply one. `anew`: the last was refused. */
  headers(anew: boolean): Promise<Record<string, string>>;
  /** Tells one user from another. */
  identity(): Promise<string | undefined>;
  /** Another user is here. */
  forget(): void;
}

/** A token must outlive its way to the server. */
const MARGIN_S = 30;

export function createSignedContext(supply: () => Promise<string | undefined>): SignedContext {
  let asked: Promise<Signed> | undefined;

  async function get(anew?: boolean): Promise<Signed> {
    const { exp = 0 } = (await asked?.catch(() => undefined)) ?? {};
    if (anew || exp - MARGIN_S < Date.now() / 1000) asked = supply().then(read);
    return asked as Promise<Signed>;
  }

  return {
    async headers(anew) {
      const { token } = await get(anew);
      return token ? { "lanyard-context": token } : {};
    },
    identity: async () => JSON.stringify((await get()).context),
    forget() {
      asked = undefined;
    },
  };
}

/** It is the server that verifies it; here it only tells one user from another. */
function read(token: string | undefined): Signed {
  try {
    const payload = token?.split(".")[1]?.replace(/-/g, "+").replace(/_/g, "/") ?? "";
    return { ...JSON.parse(atob(payload)), token };
  } catch {
    return { token };
  }
}
