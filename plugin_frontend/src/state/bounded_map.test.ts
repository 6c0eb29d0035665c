import { expect, it } from "vitest";
import { BoundedMap } from "./bounded_map";

const bounded = (budget: number) => new BoundedMap<number>(budget, (weight) => weight);

it("forgets what was not used for longest once it is over its budget", () => {
  const map = bounded(10);
  map.set("a", 4);
  map.set("b", 4);
  map.get("a");
  map.set("c", 4);
  expect(map.get("b")).toBeUndefined();
  expect(map.get("a")).toBe(4);
  expect(map.get("c")).toBe(4);
});

it("keeps the newest even if it alone is too heavy", () => {
  const map = bounded(10);
  map.set("a", 4);
  map.set("b", 40);
  expect(map.get("b")).toBe(40);
  expect(map.size).toBe(1);
});

it("counts a replaced or deleted entry no more", () => {
  const map = bounded(10);
  for (let i = 0; i < 100; i++) map.set("a", 6);
  map.set("b", 4);
  expect(map.size).toBe(2);
  map.deleteWhere((key) => key === "a");
  map.set("c", 6);
  expect(map.size).toBe(2);
});
