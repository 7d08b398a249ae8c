import { describe, expect, it } from "vitest";
import { addressOf } from "./api.ts";

describe("addresses of routes", () => {
  it("fills parameters as one path segment each", () => {
    expect(
      addressOf("/api/v1/projects/{project}/attributes/{name}", {
        params: { project: "web", name: "a/b ?" },
      }),
    ).toBe("/api/v1/projects/web/attributes/a%2Fb%20%3F");
  });

  it("leaves out what is not asked for", () => {
    expect(addressOf("/x", { query: { search: "", tag: undefined, limit: 50 } })).toBe("/x?limit=50");
    expect(addressOf("/x", {})).toBe("/x");
  });
});
