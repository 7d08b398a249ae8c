import type { Role } from "@lanyard/contract";
import type { Services } from "../services.ts";
import { type Caller, createCaller } from "./caller.ts";
import type { TestServer } from "./server.ts";
import { waitFor } from "./wait-for.ts";

export const PASSWORD = "a lanyard stops the engine";
/** Of a new project. */
const ENVIRONMENTS = 2;

/** The first account, signed in; it owns the project `shop`. */
export async function setUp(
  server: Pick<TestServer, "origin" | "stranger"> & { services: Pick<Services, "setupLink"> },
): Promise<Caller> {
  const link = await server.services.setupLink();
  const token = new URL(link ?? "").hash.replace("#token=", "");
  const { headers } = await server.stranger.call("POST /api/v1/setup", {
    body: {
      token,
      email: "ada@example.com",
      name: "Ada",
      password: PASSWORD,
      project: { key: "shop", name: "Shop" },
    },
  });
  const ada = createCaller(server.origin, { cookie: cookieOf(headers) });
  // A node serves a change in the moment it is made once the environment is in its memory, and not before.
  await waitFor("the project's environments in memory", async () => {
    const { projects } = await ada.ok("GET /api/v1/kill-page");
    return projects[0]?.environments.length === ENVIRONMENTS;
  });
  return ada;
}

/** A person of that role in a project, invited by `owner`. */
export async function addMember(
  server: TestServer,
  owner: Caller,
  project: string,
  role: Role,
  email = `${role}-${project}@example.com`,
): Promise<Caller> {
  const { link } = await owner.ok("POST /api/v1/projects/{project}/invitations", {
    params: { project },
    body: { email, role },
  });
  const token = new URL(link).hash.replace("#token=", "");
  const { headers, status, problem } = await server.stranger.call("POST /api/v1/invitations/{token}/accept", {
    params: { token },
    body: { name: role, password: PASSWORD },
  });
  if (status !== 201) throw new Error(JSON.stringify(problem));
  return createCaller(server.origin, { cookie: cookieOf(headers) });
}

/** The session's and the kill pass. */
export function cookiesOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

export function cookieOf(headers: Headers): string {
  return (headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
}
