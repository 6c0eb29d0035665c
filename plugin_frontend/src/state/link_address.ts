/** A state inside an address: TensorBoard keeps the parameters of its tabs in the hash, ours as `p.kd_projector.…`. Pure. */

export const TAB = "kd_projector";
const PREFIX = `p.${TAB}.`;

/** The tab that a hash names; "" where it names none. */
export function tabOf(hash: string): string {
  return partsOf(hash).find((part) => !part.includes("=")) ?? "";
}

/** Our state in a hash; "" where there is none. */
export function stateOf(hash: string): string {
  return partsOf(hash)
    .filter((part) => part.startsWith(PREFIX))
    .map((part) => part.slice(PREFIX.length))
    .join("&");
}

/** The hash with our state in place of the one that it had; what is not ours stays. */
export function withState(hash: string, state: string): string {
  const others = partsOf(hash).filter((part) => part.includes("=") && !part.startsWith(PREFIX));
  const ours = state === "" ? [] : state.split("&").map((part) => PREFIX + part);
  return `#${[TAB, ...ours, ...others].join("&")}`;
}

/** The state in what someone pasted: a whole address, or what "Copy state" gave. Null: there is none in it. */
export function stateIn(pasted: string): string | null {
  const trimmed = pasted.trim();
  const hash = trimmed.indexOf("#");
  if (hash !== -1) return stateOf(trimmed.slice(hash)) || null;
  return /^v=\d+&/.test(trimmed) ? trimmed : null;
}

function partsOf(hash: string): string[] {
  return hash
    .replace(/^#/, "")
    .split("&")
    .filter((part) => part !== "");
}
