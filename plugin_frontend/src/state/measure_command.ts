/** The command that computes measures afterwards. A pure function. */

import type { MeasureInfo } from "../api/types";

const COMMAND = "kd-projector measure LOGDIR";
const MOST_WORDS = 5;
const MOST_OF_A_GROUP = 2;

/**
 * The command that computes the measures called `names`: of more than two of a group the group (what is there already is
 * not computed again), rather than more than a few words all measures. With no names the command's own choice.
 */
export function commandToMeasure(
  names: readonly string[],
  described: Readonly<Record<string, Pick<MeasureInfo, "group">>>,
): string {
  const groupOf = (name: string) => described[name]?.group;
  const wordOf = (name: string) => {
    const group = groupOf(name);
    const wanted = names.filter((other) => groupOf(other) === group).length;
    return group !== undefined && wanted > MOST_OF_A_GROUP ? group : name;
  };
  const words = [...new Set(names.map(wordOf))];
  return [COMMAND, ...(words.length > MOST_WORDS ? ["all"] : words).map((word) => `--measure ${word}`)].join(" ");
}
