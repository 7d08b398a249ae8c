import { describe, expect, it } from "vitest";
import { faultsUnder, fieldErrors, messageOf, pointerParts, RequestFailed } from "./problem.ts";

const failed = new RequestFailed(400, {
  code: "invalid-input",
  detail: "The input has faults.",
  errors: [
    { in: "body", path: "/project/key", message: "use lower-case letters" },
    { in: "body", path: "/project/key", message: "second" },
    { in: "body", path: "/rules/2/when/values", message: "give a value" },
    { in: "query", path: "/limit", message: "too large" },
  ],
});

describe("problems become what a form can show", () => {
  it("unescapes pointers", () => {
    expect(pointerParts("")).toEqual([]);
    expect(pointerParts("/a~1b/0/c~0d")).toEqual(["a/b", "0", "c~d"]);
  });

  it("maps body faults to fields, first one first", () => {
    expect(fieldErrors(failed)).toEqual({
      "project.key": "use lower-case letters",
      "rules.2.when.values": "give a value",
    });
    expect(fieldErrors(new Error("other"))).toEqual({});
  });

  it("finds the faults of one card, not of its neighbour with a longer number", () => {
    const faults = [...failed.faults, { in: "body" as const, path: "/rules/21", message: "other" }];
    expect(faultsUnder(faults, "/rules/2").map((fault) => fault.message)).toEqual(["give a value"]);
  });

  it("shows the server's sentence, never an internal message", () => {
    expect(messageOf(failed)).toBe("The input has faults.");
    expect(messageOf(new TypeError("x is undefined"))).not.toContain("undefined");
  });
});
