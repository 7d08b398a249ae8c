import { expect, test } from "vitest";
import { HeldKills } from "./held-kills.ts";

const many = (name: string, count: number) => Array.from({ length: count }, (_, at) => `kill_${name}${at}`);

test("a kill counts the streams that hold it, servers and browsers apart, until the last has ended", () => {
  const held = new HeldKills();
  held.add("server", "kill_a", 1);
  held.add("server", "kill_a", 1);
  held.add("client", "kill_a", 1);
  held.addAll([{ id: "kill_a", instances: 3, browsers: 0 }]);
  expect(held.list()).toEqual([{ id: "kill_a", instances: 5, browsers: 1 }]);
  for (let streams = 0; streams < 5; streams += 1) held.remove("server", "kill_a");
  expect(held.list()).toEqual([{ id: "kill_a", instances: 0, browsers: 1 }]);
  held.remove("client", "kill_a");
  expect(held.list()).toEqual([]);
});

test("what browsers make up is bounded, and takes no place of what servers hold", () => {
  const held = new HeldKills();
  const kept = many("browser", 500).filter((id) => held.add("client", id, 1));
  for (const id of many("server", 200)) expect(held.add("server", id, 1)).toBe(true);
  expect(held.add("server", "kill_more", 1)).toBe(false);
  expect(kept).toHaveLength(20);
  const listed = held.list();
  expect(listed).toHaveLength(220);
  expect(listed.slice(0, 200).every(({ instances }) => instances === 1)).toBe(true);
  // Known already, it takes no new place.
  expect(held.add("client", "kill_browser0", 1)).toBe(true);
});

test("what other nodes say is bounded as one node's is", () => {
  const held = new HeldKills();
  for (const node of ["a", "b", "c"])
    held.addAll(many(node, 150).map((id) => ({ id, instances: 0, browsers: 1 })));
  expect(held.list()).toHaveLength(20);
});
