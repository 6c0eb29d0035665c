/** What layers are called where there is little room. Pure functions of a model's layer names. */

/** Modules within modules. */
const SEPARATOR = /(?<=[./])/;

/**
 * By name: the name without the parts that all names of the model begin and end with; they tell nothing apart. At least
 * one part stays, and a model with one layer keeps its name.
 */
export function shortLayerNames(names: readonly string[]): ReadonlyMap<string, string> {
  const paths = names.map((name) => name.split(SEPARATOR));
  const shortest = Math.min(...paths.map((path) => path.length));
  const shared = (partOf: (path: readonly string[], i: number) => string | undefined, most: number) => {
    let count = 0;
    while (count < most && new Set(paths.map((path) => partOf(path, count))).size === 1) count++;
    return count;
  };
  if (names.length < 2) return new Map(names.map((name) => [name, name]));
  const head = shared((path, i) => path[i], shortest - 1);
  const tail = shared((path, i) => path.at(-1 - i), shortest - 1 - head);
  return new Map(
    names.map((name, n) => {
      const path = paths[n] as string[];
      return [
        name,
        path
          .slice(head, path.length - tail)
          .join("")
          .replace(/[./]$/, ""),
      ];
    }),
  );
}
