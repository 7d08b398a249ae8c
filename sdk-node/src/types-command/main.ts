#!/usr/bin/env node
import { readFileSync, writeFileSync } from "node:fs";
import type { Ruleset } from "@lanyard/evaluation";
import { isRuleset } from "@lanyard/sdk-core";
import { type Arguments, readArguments, USAGE } from "./arguments.ts";
import { declarationsOf, declareTheSame } from "./declarations.ts";

const DEADLINE_MS = 10_000;

async function readRuleset(from: Arguments["from"]): Promise<Ruleset> {
  if ("ruleset" in from) {
    return parse(readFileSync(from.ruleset, "utf8")) ?? fail(`${from.ruleset} holds no ruleset of format 1`);
  }
  const found = parse(await ask(from));
  if (!found) return fail(`${from.url} answered no ruleset of format 1: is it a Lanyard server?`);
  if (from.save !== undefined) writeFileSync(from.save, `${JSON.stringify(found, null, 2)}\n`);
  return found;
}

function parse(text: string): Ruleset | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return isRuleset(found) ? found : undefined;
  } catch {
    // Its text may hold rules, so the parser's message is not repeated.
    return undefined;
  }
}

function fail(message: string): never {
  throw new Error(message);
}

async function ask({ url, key }: Record<"url" | "key", string>): Promise<string> {
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
  let parsed: Arguments | "help";
  try {
    parsed = readArguments(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    return 2;
  }
  if (parsed === "help") {
    process.stdout.write(`${USAGE}\n`);
    return 0;
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
