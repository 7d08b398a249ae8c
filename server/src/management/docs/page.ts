import { type RouteSpec, routes } from "@lanyard/contract";

/** The route table as a page: no script, so nothing in it can run. */
export function docsPage(nonce: string): string {
  const groups = new Map<string, string[]>();
  for (const [name, spec] of Object.entries(routes) as [string, RouteSpec][]) {
    const group = groupOf(name);
    groups.set(group, [...(groups.get(group) ?? []), row(name, spec)]);
  }
  const sections = [...groups].map(
    ([group, rows]) =>
      `<h2>${escaped(group)}</h2><table><thead><tr><th>Request</th><th>What it does</th><th>Who may</th></tr></thead><tbody>${rows.join("")}</tbody></table>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lanyard API</title><style nonce="${nonce}">${STYLE}</style></head><body><main><h1>Lanyard API</h1><p>The full description, with every schema, is <a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI 3.1). Errors are RFC 9457 problems that name each fault by a JSON pointer.</p>${sections.join("")}</main></body></html>`;
}

function row(name: string, spec: RouteSpec): string {
  const query = Object.keys(spec.query?.shape ?? {});
  const asks = query.length > 0 ? `<small>?${escaped(query.join(", "))}</small>` : "";
  return `<tr><td><code>${escaped(name)}</code>${asks}</td><td>${escaped(spec.summary)}</td><td>${escaped(spec.access)}</td></tr>`;
}

/** `/api/v1/projects/{project}/flags/…` belongs to flags. */
function groupOf(name: string): string {
  const path = name.split(" ")[1] ?? "";
  if (path.startsWith("/sdk/")) return "sdk";
  const words = path.split("/").slice(3);
  return (words[0] === "projects" ? words[2] : words[0]) ?? "projects";
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const STYLE = [
  ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}",
  "main{max-width:72rem;margin:0 auto;padding:1.5rem}",
  "h2{margin-top:2rem;text-transform:capitalize}",
  "table{border-collapse:collapse;width:100%}",
  "th,td{border-bottom:1px solid #8884;padding:.4rem .6rem;text-align:left;vertical-align:top}",
  "code{overflow-wrap:anywhere}small{display:block;opacity:.75}",
].join("");
