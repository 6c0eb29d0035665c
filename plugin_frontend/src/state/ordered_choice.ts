/** Some of several things, in an order of the user's own. Pure functions of lists of keys. */

/**
 * All of them as a list to choose from: the shown ones in their order, each of the others behind what comes before it
 * in `all`, so that it does not leave its place when it is hidden.
 */
export function listed<Key>(all: readonly Key[], shown: readonly Key[]): Key[] {
  const list = shown.filter((key) => all.includes(key));
  all.forEach((key, i) => {
    if (list.includes(key)) return;
    const before = all.slice(0, i).findLast((other) => list.includes(other));
    list.splice(before === undefined ? 0 : list.indexOf(before) + 1, 0, key);
  });
  return list;
}

/** Show one more, at its place in the list, or one less. */
export function toggled<Key>(all: readonly Key[], shown: readonly Key[], key: Key): Key[] {
  if (shown.includes(key)) return shown.filter((other) => other !== key);
  return listed(all, shown).filter((other) => other === key || shown.includes(other));
}

/** Have `key` at a place among those that show. */
export function movedTo<Key>(shown: readonly Key[], key: Key, place: number): Key[] {
  const others = shown.filter((other) => other !== key);
  return others.toSpliced(Math.min(Math.max(place, 0), others.length), 0, key);
}

export const sameOrder = <Key>(a: readonly Key[], b: readonly Key[]) =>
  a.length === b.length && a.every((key, i) => key === b[i]);
