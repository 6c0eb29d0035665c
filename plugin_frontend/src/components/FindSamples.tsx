/** The field that finds samples by text. It is in focus all the while; the list under it is gone through with the arrow keys. */

import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { fieldNames, found } from "../state/find_samples";
import { select } from "../state/selection";
import { hovered, inspected, query } from "../state/settings";
import { FoundList } from "./FoundList";
import { Icon } from "./icons";

interface Props {
  /** Whether the list shows; with nothing typed it is of all samples. */
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

const PAGE = 8;

export function FindSamples({ isOpen, onOpen }: Props) {
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  /** The place in the list; -1: none, so that Enter means all. */
  const [active, setActive] = useState(-1);
  const answer = found.value;
  const hits = "hits" in answer ? answer.hits : [];
  useEffect(() => field.current?.focus(), []);
  const ask = (change: Partial<typeof query.value>) => {
    query.value = { ...query.peek(), ...change };
    setActive(-1);
    hovered.value = null;
    onOpen(query.peek().text !== "");
  };
  const go = (to: number) => {
    onOpen(true);
    const place = Math.max(-1, Math.min(hits.length - 1, to));
    setActive(place);
    hovered.value = hits[place]?.sample ?? null;
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + PAGE,
      PageUp: Math.max(0, active - PAGE),
    };
    const to = moves[event.key];
    if (to !== undefined) go(to);
    else if (event.key === "Enter" && isOpen) {
      const one = hits[active];
      const how = event.shiftKey ? "add" : event.altKey ? "remove" : "replace";
      select(one === undefined ? hits.map((hit) => hit.sample) : [one.sample], how);
      if (one !== undefined) inspected.value = one.sample;
    } else return;
    event.preventDefault();
  };
  return (
    <search class={`find ${isOpen ? "is-finding" : ""}`}>
      <div class="find-field">
        <Icon name="search" />
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label="Find samples"
          aria-expanded={isOpen}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && active >= 0 ? `${list}-${active}` : undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder={`Find by ${fieldNames.value.join(", ")}`}
          data-testid="find"
          data-takes-keys
          value={query.value.text}
          onInput={(event) => ask({ text: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        <label class="pattern" title="Regular expression">
          <input
            type="checkbox"
            aria-label="Regular expression"
            data-testid="find-pattern"
            checked={query.value.isPattern}
            onChange={(event) => ask({ isPattern: event.currentTarget.checked })}
          />
          <code aria-hidden="true">.*</code>
        </label>
      </div>
      {isOpen && (
        <>
          <p class="find-count" role="status" data-testid="find-count" data-count={hits.length}>
            {"error" in answer ? (
              <span class="find-error">{answer.error}</span>
            ) : (
              <Count count={hits.length} isOnOne={active >= 0} />
            )}
          </p>
          <FoundList id={list} hits={hits} active={active} onPoint={setActive} />
        </>
      )}
    </search>
  );
}

function Count({ count, isOnOne }: { count: number; isOnOne: boolean }) {
  if (count === 0) return <>No sample has this in its {fieldNames.value.join(", ")}.</>;
  return (
    <>
      <b>{count}</b> {query.value.text === "" ? "samples" : count === 1 ? "match" : "matches"}
      <span class="muted">
        <kbd>↑↓</kbd> one by one · <kbd>Enter</kbd> selects {isOnOne ? "this one" : count === 1 ? "it" : "all"}
      </span>
    </>
  );
}
