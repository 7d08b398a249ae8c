import type { Node } from "./node.ts";

export const OWNER = { email: "ana@example.com", name: "Ana", password: "a fine long sentence" };

/** A signed-in person's calls over HTTP, as the admin UI makes them. */
export interface Api {
  cookie: string;
  call<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

/** Makes the first account and the project `web` through the setup link. */
export async function setUp(node: Node): Promise<Api> {
  const token = new URL(node.setupLink()).hash.slice("#token=".length);
  const answer = await fetch(`${node.url}/api/v1/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, ...OWNER, project: { key: "web", name: "Web" } }),
  });
  if (!answer.ok) throw new Error(`setup answered ${answer.status}: ${await answer.text()}`);
  return apiWith(node, cookieOf(answer));
}

function cookieOf(answer: Response): string {
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
  if (!cookie) throw new Error("no session cookie was set");
  return cookie;
}

/** The same person's calls to another node. */
export function apiWith(node: Pick<Node, "url">, cookie: string): Api {
  return {
    cookie,
    async call(method, path, body, headers = {}) {
      const answer = await fetch(`${node.url}${path}`, {
        method,
        headers: { cookie, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
  };
}
