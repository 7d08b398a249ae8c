import type { Caller } from "../../../testing/index.ts";

/** Edits what a flag of the project `shop` does in `development`. */
export async function save(owner: Caller, flag: string, body: object): Promise<void> {
  await owner.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
    params: { project: "shop", flag, environment: "development" },
    body: { message: "saved in a test", ...body },
  });
}
