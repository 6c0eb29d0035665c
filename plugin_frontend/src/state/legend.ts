/** What a click and a double click on the legend do: which classes they hide, which samples they mean. Pure functions. */

/** Hide a class, or show it again. */
export function toggled<Value>(hidden: ReadonlySet<Value>, item: Value): ReadonlySet<Value> {
  const next = new Set(hidden);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** Show one class alone; if it is alone already, show all again. */
export function onlyOne<Value>(hidden: ReadonlySet<Value>, item: Value, all: readonly Value[]): ReadonlySet<Value> {
  const others = all.filter((other) => other !== item);
  const alone = !hidden.has(item) && others.every((other) => hidden.has(other));
  return alone ? new Set() : new Set(others);
}

/** The samples of `among` that have a value in all these columns; none without any column. */
export function samplesWithin<Value>(
  columns: readonly ArrayLike<Value>[],
  value: Value,
  among: readonly number[],
): readonly number[] {
  return columns.length === 0
    ? []
    : among.filter((sample) => columns.every((values) => (values[sample] ?? null) === value));
}
