/** Which classes are hidden: what a click and a double click on the legend do. Pure functions of sets of classes. */

/** Hide a class, or show it again. */
export function toggled<Value>(hidden: ReadonlySet<Value>, item: Value): ReadonlySet<Value> {
  const next = new Set(hidden);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** Show one class alone; if it is alone already, show all again. */
export function isolated<Value>(hidden: ReadonlySet<Value>, item: Value, all: readonly Value[]): ReadonlySet<Value> {
  const others = all.filter((other) => other !== item);
  const alone = !hidden.has(item) && others.every((other) => hidden.has(other));
  return alone ? new Set() : new Set(others);
}
