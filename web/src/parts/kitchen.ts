/** Numbers as kitchens measure: spoons and pieces in halves, thirds and quarters, weights rounded by their size. */
import { number } from '~/i18n';

const PARTS: [value: number, sign: string][] = [
  [0, ''],
  [1 / 8, '⅛'],
  [1 / 4, '¼'],
  [1 / 3, '⅓'],
  [1 / 2, '½'],
  [2 / 3, '⅔'],
  [3 / 4, '¾'],
  [1, ''],
];
/** From here on a half more or less is not seen, and from there on not measured. */
const ONLY_HALVES = 10;
const ONLY_WHOLE = 20;

const WEIGHED = new Set(['g', 'mg', 'ml']);
const IN_THOUSANDS = new Set(['kg', 'l']);
/** Cut or broken by nobody. */
const WHOLE = new Set(['leaf', 'pinch']);

/** A number as it is measured, in the unit: 0.38 spoons are ⅓, 187.5 g are 188 g, 333.3 g are 335 g. */
export function measured(value: number, unit: string | null = null): number {
  if (value <= 0) return value;
  if (WEIGHED.has(unit ?? '')) return toStep(value, stepOf(value));
  if (IN_THOUSANDS.has(unit ?? '')) return toStep(value, value < ONLY_HALVES ? 0.01 : 0.1);
  if (WHOLE.has(unit ?? '')) return Math.max(1, Math.round(value));
  if (value >= ONLY_HALVES) return toStep(value, value < ONLY_WHOLE ? 0.5 : 1);
  const whole = Math.floor(value);
  const part = nearestPart(value - whole, whole === 0);
  return whole + part;
}

const toStep = (value: number, step: number): number => Math.max(step, Math.round(value / step) * step);

function stepOf(value: number): number {
  if (value < 1) return 0.1;
  if (value < 10) return 0.5;
  if (value < 200) return 1;
  return value < 1000 ? 5 : 10;
}

/** Eighths only of less than one; and what there is some of is never nothing. */
function nearestPart(rest: number, alone: boolean): number {
  const known = PARTS.map(([part]) => part).filter((part) => part !== 1 / 8 || alone);
  const usable = alone ? known.filter((part) => part > 0) : known;
  return usable.reduce((best, part) => (Math.abs(part - rest) < Math.abs(best - rest) ? part : best));
}

/** A number that is measured as one writes it: "1½", "0,38" where a scale shows it. */
export function kitchenNumber(value: number, unit: string | null = null): string {
  const rounded = measured(value, unit);
  const sign = PARTS.find(([part]) => part && Math.abs(rounded - Math.floor(rounded) - part) < 0.001)?.[1];
  if (!sign || WEIGHED.has(unit ?? '') || IN_THOUSANDS.has(unit ?? '')) return number(rounded);
  return `${Math.floor(rounded) || ''}${sign}`;
}

/** The unit of weight or volume that a text goes on with, since its numbers are not spoons. */
export const scaleUnit = (text: string): string | null =>
  /^[\s-]*(kg|mg|g|ml|l)(?![\p{L}\d])/u.exec(text)?.[1] ?? null;
