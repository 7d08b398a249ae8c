// Every relative link, and every `path/like/this.ts` in backticks, that a document cites exists.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const LINK = /\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g;
const CITED_PATH = /`((?:[\w.@-]+\/)+[\w.@-]+\.[a-z]{2,4})`/g;
const SKIPPED = new Set(["node_modules", "dist", ".git", "data"]);

function documents(folder = "") {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : documents(path);
    return extname(path) === ".md" ? [path] : [];
  });
}

/** A name with a slash may be an npm package or an address; it is a path of ours when its first part is a folder here. */
function isOurs(path, document) {
  const [first] = path.split("/");
  return (
    first.startsWith(".") ||
    [root, join(root, dirname(document))].some((base) => existsSync(join(base, first)))
  );
}

function brokenReferences(document) {
  const text = readFileSync(join(root, document), "utf8");
  const links = [...text.matchAll(LINK)].map(([, link, attribute]) => link ?? attribute);
  const relative = links
    .filter((link) => !/^([a-z]+:|#|\/\/)/.test(link))
    .map((link) => decodeURI(link.split("#")[0]))
    .filter((link) => !existsSync(join(root, link.startsWith("/") ? "" : dirname(document), link)));
  const cited = [...text.matchAll(CITED_PATH)]
    .map(([, path]) => path)
    .filter((path) => isOurs(path, document))
    .filter(
      (path) =>
        ![root, join(root, dirname(document))].some((base) => existsSync(normalize(join(base, path)))),
    );
  return [...relative, ...cited].map((path) => `${document}: ${path} does not exist`);
}

const broken = documents().flatMap(brokenReferences);
for (const line of broken) console.error(line);
process.exitCode = broken.length > 0 ? 1 : 0;
