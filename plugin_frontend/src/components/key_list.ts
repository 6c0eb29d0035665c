/** The keys and what they do, as the sheet of keys lists them. `keyboard.ts` and `use_map_pointer.ts` make them true. */

export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly (readonly [names: readonly string[], meaning: string])[];
}

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    title: "Steps",
    keys: [
      [["←", "→"], "One step back, or on"],
      [["Home", "End"], "The first step, or the newest"],
      [["Space"], "Play, pause"],
      [["Page Up", "Page Down"], "Five steps on, or back (on the slider)"],
    ],
  },
  {
    title: "Maps",
    keys: [
      [["+", "−"], "Zoom in, or out"],
      [["Shift ←↑↓→"], "Move the maps; turn maps of three dimensions, which Ctrl Shift ←↑↓→ moves"],
      [["0"], "Show the whole maps again"],
      [["G"], "The ghost of another step, on and off"],
      [["/", "Ctrl F"], "Find samples"],
      [
        ["Esc"],
        "Gives up a lasso or rectangle; else back from a focus; else show all samples; else let the selection go",
      ],
    ],
  },
  {
    title: "Pointer on a map",
    keys: [
      [["Wheel"], "Zoom"],
      [["Drag"], "Move the maps, or select with the chosen tool; maps of three dimensions turn, and move with Ctrl"],
      [["Shift", "Alt"], "With a click or a drag: add to the selection, or take away"],
      [["Double click"], "Show the whole maps again"],
    ],
  },
  {
    title: "Comparing",
    keys: [
      [["Alt ↑↓"], "Move the row or layer in focus (in their sheets)"],
      [["← →"], "Move a wipe's line (in focus; Page Up and Page Down farther)"],
      [["Double click"], "On a map's header: show it large"],
    ],
  },
  {
    title: "Everywhere",
    keys: [
      [["Tab"], "To the next control"],
      [["?"], "These keys"],
    ],
  },
];
