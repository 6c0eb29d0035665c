/** Over a list of what can be chosen and ordered: what it is of, and the two ways to have it as it was. */

interface Props {
  readonly title: string;
  /** "rows" or "layers", for the tests. */
  readonly testid: string;
  readonly allShow: boolean;
  readonly isAsAtFirst: boolean;
  readonly onAll: () => void;
  readonly onAsAtFirst: () => void;
}

export function ChoicesHead({ title, testid, allShow, isAsAtFirst, onAll, onAsAtFirst }: Props) {
  return (
    <div class="sheet-head">
      <p class="sheet-title">{title}</p>
      <button type="button" class="link-button" data-testid={`all-${testid}`} disabled={allShow} onClick={onAll}>
        All
      </button>
      <button
        type="button"
        class="link-button"
        data-testid={`${testid}-as-at-first`}
        disabled={isAsAtFirst}
        onClick={onAsAtFirst}
      >
        As at first
      </button>
    </div>
  );
}
