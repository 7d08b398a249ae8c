import type { Problem, RouteInput, RouteName, RouteResponse } from "@lanyard/contract";

/** An answer as a test looks at it: a problem where the status says so. */
export interface Answer<Name extends RouteName> {
  status: number;
  headers: Headers;
  body: RouteResponse<Name>;
  problem: Problem;
}

type Given<Name extends RouteName> = {
  [Part in keyof RouteInput<Name> as RouteInput<Name>[Part] extends undefined
    ? never
    : Part]?: RouteInput<Name>[Part];
} & { headers?: Record<string, string> };

/** Calls routes of the contract as one person, key or stranger. */
export interface Caller {
  call<Name extends RouteName>(name: Name, given?: Given<Name>): Promise<Answer<Name>>;
  /** The same, failing the test with the problem unless it succeeds. */
  ok<Name extends RouteName>(name: Name, given?: Given<Name>): Promise<RouteResponse<Name>>;
  headers: Record<string, string>;
}

export function createCaller(origin: string, headers: Record<string, string> = {}): Caller {
  const call = async <Name extends RouteName>(name: Name, given: Given<Name> = {}): Promise<Answer<Name>> => {
    const {
      params,
      query,
      body,
      headers: more,
    } = given as Record<string, Record<string, unknown> | undefined>;
    const [method, path] = name.split(" ") as [string, string];
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, part: string) =>
      encodeURIComponent(String(params?.[part])),
    );
    const url = new URL(filled, origin);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, String(value));
    const response = await fetch(url, {
      method,
      headers: {
        ...headers,
        ...(more as Record<string, string> | undefined),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text === "" ? undefined : JSON.parse(text);
    return {
      status: response.status,
      headers: response.headers,
      body: parsed as RouteResponse<Name>,
      problem: parsed as Problem,
    };
  };
  return {
    headers,
    call,
    async ok(name, given) {
      const answer = await call(name, given);
      if (answer.status >= 400) throw new Error(`${name} answered ${JSON.stringify(answer.problem)}`);
      return answer.body;
    },
  };
}
