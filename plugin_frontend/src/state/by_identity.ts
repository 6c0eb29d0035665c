/** Remembers what was made of objects for as long as they live: whoever asks again with the same ones gets the same answer. */

/** `make`, called once for each object. */
export function byIdentity<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    let kept = known.get(key);
    if (kept === undefined) {
      kept = { value: make(key) };
      known.set(key, kept);
    }
    return kept.value;
  };
}

/** `make`, called once for each pair of objects. */
export function byIdentityOfTwo<A extends object, B extends object, Value>(
  make: (a: A, b: B) => Value,
): (a: A, b: B) => Value {
  const ofFirst = byIdentity((a: A) => byIdentity((b: B) => make(a, b)));
  return (a, b) => ofFirst(a)(b);
}
