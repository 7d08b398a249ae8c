// The lint step is worth something: every planted promise that nobody waits for is refused, on its line, by its rule.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ESLint } from "eslint";
import { root } from "../setup/workspace.mjs";

const PLANTED = join(root, "scripts/verify/planted/unawaited-query.ts");

export async function plantedPromisesAreRefused() {
  const eslint = new ESLint({
    cwd: root,
    ignore: false,
    overrideConfig: {
      files: ["**/*.ts"],
      languageOptions: { parserOptions: { project: ["scripts/verify/planted/tsconfig.json"] } },
    },
  });
  const [{ messages }] = await eslint.lintFiles([PLANTED]);
  const found = messages.map(({ ruleId, line }) => `${line} ${ruleId?.split("/").at(-1)}`);
  const expected = readFileSync(PLANTED, "utf8")
    .split("\n")
    .flatMap((text, index) =>
      / \/\/ (no-\S+)$/.exec(text) ? [`${index + 1} ${/ \/\/ (no-\S+)$/.exec(text)[1]}`] : [],
    );
  const missed = expected.filter((fault) => !found.includes(fault));
  if (missed.length === 0 && expected.length > 0) return;
  throw Object.assign(new Error(`not refused in ${PLANTED}: line ${missed.join(", line ")}`), {
    output: messages.map(({ line, message }) => `${line}: ${message}`).join("\n"),
  });
}
