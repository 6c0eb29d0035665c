import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bookmarksIn } from "./bookmarks";
import { followOtherPages, keptList } from "./kept_list";

const store = new Map<string, string>();
let isFull = false;
const page = new EventTarget();

const named = (name: string) => ({ name, state: "v=1&step=3" });
const list = () => keptList(() => "here", bookmarksIn);
const names = (of: ReturnType<typeof list>) => of.items.value.map((one) => one.name);
const add = (of: ReturnType<typeof list>, name: string) => of.change((all) => [...all, named(name)]);
const remove = (of: ReturnType<typeof list>, name: string) =>
  of.change((all) => all.filter((one) => one.name !== name));
const inStore = () => bookmarksIn(store.get("here") ?? null).map((one) => one.name);

beforeEach(() => {
  store.clear();
  isFull = false;
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (isFull) throw new Error("full");
      store.set(key, value);
    },
  });
  vi.stubGlobal("window", page);
});
afterEach(() => vi.unstubAllGlobals());

describe("a list that the browser keeps", () => {
  it("loses nothing that another page wrote since it was read", () => {
    const ours = list();
    add(ours, "ours");
    expect(names(ours)).toEqual(["ours"]); // read, and so remembered
    store.set("here", JSON.stringify([named("ours"), named("theirs")])); // another page; its event is still on the way
    add(ours, "ours too");
    expect(inStore()).toEqual(["ours", "theirs", "ours too"]);
    expect(names(ours)).toEqual(inStore());
  });

  it("brings back nothing that another page deleted", () => {
    const ours = list();
    add(ours, "a");
    add(ours, "b");
    expect(names(ours)).toEqual(["a", "b"]);
    store.set("here", JSON.stringify([named("b")]));
    add(ours, "c");
    expect(inStore()).toEqual(["b", "c"]);
  });

  it("shows what another page changed as soon as the browser tells", () => {
    const end = followOtherPages();
    const ours = list();
    expect(names(ours)).toEqual([]);
    store.set("here", JSON.stringify([named("theirs")]));
    page.dispatchEvent(new Event("storage"));
    expect(names(ours)).toEqual(["theirs"]);
    end();
    store.clear();
    page.dispatchEvent(new Event("storage"));
    expect(names(ours)).toEqual(["theirs"]);
  });

  it("holds what the browser will not keep while the page is open, and hands it over when it can", () => {
    const ours = list();
    add(ours, "kept");
    isFull = true;
    expect(add(ours, "a")).toBe(true);
    expect(remove(ours, "kept")).toBe(true);
    expect([names(ours), inStore(), ours.error.value]).toEqual([["a"], ["kept"], "full"]);
    isFull = false;
    store.set("here", JSON.stringify([named("kept"), named("theirs")]));
    add(ours, "b");
    expect([names(ours), ours.error.value]).toEqual([["theirs", "a", "b"], null]);
    expect(inStore()).toEqual(names(ours));
  });

  it("leaves the list alone where a change says so", () => {
    const ours = list();
    expect(ours.change(() => null)).toBe(false);
    expect(store.size).toBe(0);
  });
});
