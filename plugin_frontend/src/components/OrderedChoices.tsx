/** A list of which some show: check boxes choose, handles or Alt with the arrows order, "only" leaves one. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons";
import { useReorder } from "./use_reorder";

export interface OrderedItem {
  readonly key: string;
  /** What it is called where it is only heard. */
  readonly label: string;
  readonly children: ComponentChildren;
  readonly shown: boolean;
  /** Items change places only within their band; an upper band stays above a lower one. */
  readonly band: number;
}

interface Props {
  readonly items: readonly OrderedItem[];
  /** Of the check boxes; "-only" and "-handle" are added for the others. */
  readonly testid: string;
  /** Whether none may be left. */
  readonly canBeEmpty: boolean;
  readonly onToggle: (key: string) => void;
  readonly onOnly: (key: string) => void;
  /** To a place among all that show. */
  readonly onMove: (key: string, place: number) => void;
}

export function OrderedChoices({ items, testid, canBeEmpty, onToggle, onOnly, onMove }: Props) {
  const [said, setSaid] = useState("");
  const moved = useRef<string | null>(null);
  const shown = items.filter((item) => item.shown);
  const bandOf = (band: number) => shown.filter((item) => item.band === band);
  const move = (key: string, placeInBand: number) => {
    const item = shown.find((one) => one.key === key);
    if (item === undefined) return;
    const band = bandOf(item.band);
    const place = Math.min(Math.max(placeInBand, 0), band.length - 1);
    if (place === band.indexOf(item)) return;
    onMove(key, shown.filter((one) => one.band < item.band).length + place);
    setSaid(`${item.label}: place ${place + 1} of ${band.length}`);
    moved.current = key;
  };
  const { list, drag, handleProps, dropClass } = useReorder(move);
  // An item that changes places loses the focus on the way.
  useLayoutEffect(() => {
    if (moved.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-movable="${CSS.escape(moved.current)}"] input`)?.focus();
    moved.current = null;
  });
  const onKeyDown = (event: KeyboardEvent, item: OrderedItem) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined || !event.altKey || !item.shown) return;
    event.preventDefault();
    move(item.key, bandOf(item.band).indexOf(item) + by);
  };
  return (
    <>
      <ul class="ordered" ref={list}>
        {items.map((item) => {
          const rest = bandOf(item.band).filter((one) => one.key !== drag?.key);
          const isDragged = drag?.key === item.key;
          const isOfBand = drag !== null && shown.find((one) => one.key === drag.key)?.band === item.band;
          const drop = item.shown && isOfBand && !isDragged ? dropClass(rest.indexOf(item), rest.length) : "";
          return (
            <li
              key={item.key}
              class={`ordered-item ${isDragged ? "dragged" : ""} ${drop}`}
              data-movable={item.shown ? item.key : undefined}
              data-band={item.band}
              onKeyDown={(event) => onKeyDown(event, item)}
            >
              {item.shown && bandOf(item.band).length > 1 ? (
                <span
                  class="handle"
                  title="Drag to another place (Alt and the arrow keys)"
                  data-testid={`${testid}-handle`}
                  {...handleProps(item.key)}
                >
                  <Icon name="grip" />
                </span>
              ) : (
                <span class="no-handle" />
              )}
              <label class="choice">
                <input
                  type="checkbox"
                  data-testid={testid}
                  checked={item.shown}
                  disabled={!canBeEmpty && item.shown && shown.length === 1}
                  aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                  onChange={() => onToggle(item.key)}
                />
                {item.children}
              </label>
              <button
                type="button"
                class="only"
                aria-label={`Show ${item.label} alone`}
                data-testid={`${testid}-only`}
                onClick={() => onOnly(item.key)}
              >
                only
              </button>
            </li>
          );
        })}
      </ul>
      <p class="unseen" role="status" data-testid={`${testid}-said`}>
        {said}
      </p>
    </>
  );
}
