/** The command that computes measures afterwards. A pure function. */

import type { MeasureInfo } from "../api/types";

const COMMAND = "kd-projector measure LOGDIR";
const MOST_WORDS = 5;

/**
 * The command that computes just the measures called `names`, a group by its name where all of it that could be is
 * wanted; with more than a few of these words, all measures. With no names the command's own choice.
 * `described` are all measures that could be computed.
 */
export function commandToMeasure(
  names: readonly string[],
  described: Readonly<Record<string, Pick<MeasureInfo, "group">>>,
): string {
  const isWhole = (group: string) =>
    Object.entries(described).every(([name, one]) => one.group !== group || names.includes(name));
  const wordOf = (name: string) => {
    const group = described[name]?.group;
    return group !== undefined && isWhole(group) ? group : name;
  };
  const words = [...new Set(names.map(wordOf))];
  return [COMMAND, ...(words.length > MOST_WORDS ? ["all"] : words).map((word) => `--measure ${word}`)].join(" ");
}
