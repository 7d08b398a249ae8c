import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprint } from "./fingerprint.mjs";
import { memory, root } from "./workspace.mjs";

let folder;
const write = (name, text) => writeFileSync(join(root, folder, name), text);

beforeEach(() => {
  folder = relative(root, mkdtempSync(join(root, "node_modules", "fingerprint-")));
  write("a.ts", "one");
});
afterEach(() => rmSync(join(root, folder), { recursive: true }));

test("a change of content, a new file and a new name each change it", () => {
  const seen = [fingerprint([folder])];
  write("a.ts", "two");
  seen.push(fingerprint([folder]));
  write("b.ts", "");
  seen.push(fingerprint([folder]));
  rmSync(join(root, folder, "b.ts"));
  write("c.ts", "");
  seen.push(fingerprint([folder]));
  expect(new Set(seen).size).toBe(seen.length);
});

test("times, tests and what a build leaves behind do not", () => {
  const before = fingerprint([folder, memory]);
  utimesSync(join(root, folder, "a.ts"), 0, 0);
  write("a.test.ts", "anything");
  write("tsconfig.tsbuildinfo", "anything");
  expect(fingerprint([folder, memory])).toBe(before);
});
