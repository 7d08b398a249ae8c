import type { Problem, RouteInput, RouteName, RouteResponse } from "@lanyard/contract";
import { RequestFailed } from "./problem.ts";

/** Parts of a route that it has at all; those that may be empty can be left out. */
type Parts<Name extends RouteName> = {
  [Part in keyof RouteInput<Name> as RouteInput<Name>[Part] extends undefined
    ? never
    : object extends RouteInput<Name>[Part]
      ? never
      : Part]: RouteInput<Name>[Part];
} & {
  [Part in keyof RouteInput<Name> as RouteInput<Name>[Part] extends undefined
    ? never
    : object extends RouteInput<Name>[Part]
      ? Part
      : never]?: RouteInput<Name>[Part];
};

interface CallOptions {
  signal?: AbortSignal;
  /** The revision that an edit was based on. */
  ifMatch?: number;
}

type CallArguments<Name extends RouteName> =
  object extends Parts<Name> ? [input?: Parts<Name> & CallOptions] : [input: Parts<Name> & CallOptions];

interface AnyInput extends CallOptions {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** Calls a route of the contract by its name; answers its response or throws `RequestFailed`. */
export async function api<Name extends RouteName>(
  name: Name,
  ...[input]: CallArguments<Name>
): Promise<RouteResponse<Name>> {
  const given: AnyInput = input ?? {};
  const [method, template] = name.split(" ") as [string, string];
  const response = await send(method, addressOf(template, given), given);
  if (response.status === 204) return undefined as RouteResponse<Name>;
  return (await response.json()) as RouteResponse<Name>;
}

export function addressOf(template: string, { params = {}, query = {} }: AnyInput): string {
  const path = template.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  return search.size > 0 ? `${path}?${search}` : path;
}

async function send(method: string, address: string, { body, ifMatch, signal }: AnyInput) {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (ifMatch !== undefined) headers["if-match"] = `"${ifMatch}"`;
  const response = await fetch(address, {
    method,
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new RequestFailed(0, { code: "unreachable", detail: "The server does not answer. Is it running?" });
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response: Response): Promise<RequestFailed> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  if (problem?.code) return new RequestFailed(response.status, problem);
  const code = response.status >= 502 && response.status <= 504 ? "unreachable" : "internal";
  return new RequestFailed(response.status, { code, detail: `The server answered ${response.status}.` });
}
