/** What the modes are called on screen; a mode of another package goes by its own name. */

const MODE_NAMES: Readonly<Record<string, string>> = {
  readout: "Neighbour read-out",
  independent: "Independent",
  anchored: "Anchored",
  rigid: "Rigid fit",
};

export const modeName = (mode: string) => MODE_NAMES[mode] ?? mode;
