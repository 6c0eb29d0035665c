import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { BoundedMap } from "./bounded_map";
import { Fetched } from "./fetched";

const RETRY_MS = 1000;
let fetched: Fetched<string>;
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  fetched = new Fetched(new BoundedMap<string>(10, () => 1), (key) => key.split("/")[0] as string, RETRY_MS);
});

afterEach(() => {
  end();
  vi.useRealTimers();
});

/** Ask for each of `keys` that is not there, one a request. */
function keep(keys: () => readonly string[], answer: (key: string) => Promise<string>): void {
  end = fetched.keepComing(() => {
    const missing = keys().find((key) => fetched.get(key) === undefined);
    return missing === undefined ? null : async () => ({ found: [[missing, await answer(missing)]] });
  });
}

it("asks for one thing at a time until nothing is missing", async () => {
  let underWay = 0;
  const answer = vi.fn(async (key: string) => {
    expect(++underWay).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    underWay--;
    return key.toUpperCase();
  });
  keep(() => ["r/a", "r/b", "r/c"], answer);
  await vi.advanceTimersByTimeAsync(500);
  expect(answer).toHaveBeenCalledTimes(3);
  expect(fetched.get("r/c")).toBe("R/C");
});

it("passes over what is no longer wanted when an answer comes", async () => {
  const wanted = signal("r/1");
  const answer = vi.fn(async (key: string) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return key;
  });
  keep(() => [wanted.value], answer);
  wanted.value = "r/2";
  wanted.value = "r/3";
  await vi.advanceTimersByTimeAsync(500);
  expect(answer.mock.calls.flat()).toEqual(["r/1", "r/3"]);
});

it("asks again after a while where a request failed", async () => {
  const answer = vi.fn(async (key: string) => key);
  answer.mockRejectedValueOnce(new Error("gone"));
  keep(() => ["r/a"], answer);
  await vi.advanceTimersByTimeAsync(RETRY_MS / 2);
  expect(answer).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(RETRY_MS);
  expect(fetched.get("r/a")).toBe("r/a");
});

it("keeps no answer that was asked for before its run was forgotten, and asks anew", async () => {
  let made = 0;
  keep(
    () => ["r/a", "s/a"],
    async (key) => {
      const own = ++made;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return `${key} ${own}`;
    },
  );
  fetched.forget("r");
  await vi.advanceTimersByTimeAsync(500);
  expect(fetched.get("r/a")).toBe("r/a 2");
  fetched.forget("s");
  await vi.advanceTimersByTimeAsync(500);
  expect(fetched.get("r/a")).toBe("r/a 2");
  expect(fetched.get("s/a")).toBe("s/a 4");
});
