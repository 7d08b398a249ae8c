import { expect, test } from "vitest";
import { DatabaseAway, isDatabaseAway, isDataRefused } from "./away.ts";

const coded = (code: string) => Object.assign(new Error("as the driver says it"), { code });

test.each([
  ["the name server has no answer yet", "EAI_AGAIN"],
  ["nobody listens", "ECONNREFUSED"],
  ["no way to the host", "EHOSTUNREACH"],
  ["no way to the network", "ENETUNREACH"],
  ["the connection broke", "08006"],
  ["a standby that is not promoted yet", "25006"],
  ["a deadlock", "40P01"],
  ["the disk is full", "53100"],
  ["too many connections", "53300"],
  ["a lock that was not given", "55P03"],
  ["a statement that took too long", "57014"],
  ["shut down", "57P01"],
  ["starting up", "57P03"],
  ["dropped to be restored", "57P04"],
  ["an I/O error", "58030"],
])("%s (%s): away for now", (_what, code) => {
  for (const error of [coded(code), new Error("Failed query", { cause: coded(code) })]) {
    expect(isDatabaseAway(error)).toBe(true);
    expect(isDataRefused(error)).toBe(false);
  }
});

test.each([
  new Error("timeout exceeded when trying to connect"),
  new Error("Query read timeout"),
  new Error("Connection terminated"),
  new DatabaseAway(),
])("%s: away for now", (cause) => {
  expect(isDatabaseAway(new Error("Failed query", { cause }))).toBe(true);
});

test.each([
  ["a text that is no time", "22007"],
  ["a value out of range", "22003"],
  ["a key that exists", "23505"],
])("%s (%s): refused for what it is", (_what, code) => {
  const error = new Error("Failed query", { cause: coded(code) });
  expect(isDataRefused(error)).toBe(true);
  expect(isDatabaseAway(error)).toBe(false);
});

test.each([
  ["a wrong password", coded("28P01")],
  ["no such database", coded("3D000")],
  ["no such table", coded("42P01")],
  ["no such file", coded("ENOENT")],
  ["our own defect", new TypeError("undefined is not a function")],
  ["no error at all", "ECONNREFUSED"],
])("%s: neither", (_what, error) => {
  expect([isDatabaseAway(error), isDataRefused(error)]).toEqual([false, false]);
});
