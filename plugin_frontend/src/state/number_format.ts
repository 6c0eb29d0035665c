/** How numbers are written, the same everywhere. */

const steps = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function stepText(step: number): string {
  return steps.format(step).replaceAll(",", "\u2009");
}

export function percent(share: number | null | undefined): string {
  return share === null || share === undefined || !Number.isFinite(share) ? "–" : `${Math.round(share * 100)}%`;
}

/** A share, such as an accuracy, where there is little room. */
export function shareText(share: number | null | undefined): string {
  return share === null || share === undefined || !Number.isFinite(share) ? "–" : share.toFixed(2);
}

/** A measure's value with three digits that count. */
export function valueText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  return size >= 10 ? value.toFixed(1) : size >= 1 ? value.toFixed(2) : value.toFixed(3);
}

export function secondsText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}
