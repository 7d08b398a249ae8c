#!/usr/bin/env node
import { readFileSync, writeFileSync } from "node:fs";
import type { Ruleset } from "@lanyard/evaluation";
import { isRuleset } from "@lanyard/sdk-core";
import { type Arguments, readArguments, USAGE } from "./arguments.ts";
import { declarationsOf, declareTheSame } from "./declarations.ts";

const DEADLINE_MS = 10_000;

async function readRuleset(from: Arguments["from"]): Promise<Ruleset> {
  const found: unknown = JSON.parse("ruleset" in from ? readFileSync(from.ruleset, "utf8") : await ask(from));
  if (!isRuleset(found)) throw new Error("what was read is no ruleset of format 1");
  return found;
}

async function ask({ url, key }: { url: string; key: string }): Promise<string> {
  const headers = { authorization: `Bearer ${key}` };
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const answer = await fetch(`${url}/sdk/v1/ruleset`, { headers, signal }).catch((error: Error) => {
    throw new Error(
      `${url} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`,
    );
  });
  if (answer.status === 401) throw new Error(`${url} refuses the key: it must be a server key that is valid`);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

async function writeTypes({ out, check, packages, from }: Arguments): Promise<void> {
  const declarations = declarationsOf(await readRuleset(from), packages);
  const isCurrent = declareTheSame(readIfThere(out), declarations);
  if (check && !isCurrent)
    throw new Error(`${out} is not what the flags are; run lanyard types without --check`);
  if (!check && !isCurrent) writeFileSync(out, declarations);
}

/** Returns the exit code. */
async function main(): Promise<number> {
  let parsed: Arguments;
  try {
    parsed = readArguments(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    return 2;
  }
  try {
    await writeTypes(parsed);
    return 0;
  } catch (error) {
    process.stderr.write(`lanyard: ${(error as Error).message}\n`);
    return 1;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
