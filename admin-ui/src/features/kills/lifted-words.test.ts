import { expect, test } from "vitest";
import { liftedWords } from "./lifted-words.ts";

const ENVIRONMENTS = [{ key: "production", name: "Production" }];
const held = (...flags: string[]) =>
  flags.map((flag) => ({ environment: "production", flag, kills: ["kill_2"] }));

test("a lift says that the targeting decides, unless another kill holds the flags down", () => {
  expect(liftedWords({ stillKilledBy: [] }, ENVIRONMENTS)).toBe("Lifted: the targeting decides again.");
  expect(liftedWords({ stillKilledBy: held("search") }, ENVIRONMENTS)).toBe(
    "Lifted, but another kill still holds down search in Production.",
  );
  expect(liftedWords({ stillKilledBy: held("a", "b", "c", "d") }, ENVIRONMENTS)).toContain(
    "c in Production and 1 more.",
  );
});

test("a lift that other servers have not heard of says so", () => {
  const reached = (reach: "all nodes" | "this node") =>
    liftedWords({ stillKilledBy: [], reach }, ENVIRONMENTS);
  expect(reached("this node")).toContain("this server only");
  expect(reached("all nodes")).toBe("Lifted: the targeting decides again.");
});
