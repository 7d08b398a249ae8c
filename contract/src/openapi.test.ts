import { expect, test } from "vitest";
import committed from "../openapi.json" with { type: "json" };
import { openApiDocument } from "./openapi.ts";
import { routes } from "./routes.ts";

test("the committed document is the route table's; if not, run: pnpm --filter @lanyard/contract openapi", () => {
  expect(JSON.parse(JSON.stringify(openApiDocument()))).toEqual(committed);
});

test("every route is in it, with its parameters, and every reference leads somewhere", () => {
  const paths = committed.paths as Record<string, Record<string, { parameters: { name: string }[] }>>;
  for (const name of Object.keys(routes)) {
    const [method = "", path = ""] = name.split(" ");
    const described = paths[path]?.[method.toLowerCase()]?.parameters.map((parameter) => parameter.name);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    expect(described, name).toEqual(expect.arrayContaining(inPath));
  }
  const references = [...JSON.stringify(committed).matchAll(/"#\/components\/schemas\/([^"]+)"/g)];
  const known = new Set(Object.keys(committed.components.schemas));
  expect(references.length).toBeGreaterThan(50);
  for (const [, name = ""] of references) expect(known, name).toContain(name);
});
