/** Amounts and units in fields: as people write them, and back to what the interface takes. */
import type { Schemas } from '~/api/client';
import { language } from '~/i18n';
import { UNITS, unitWord } from '~/parts/Amount';

const FRACTIONS: Record<string, string> = { '½': '1/2', '⅓': '1/3', '⅔': '2/3', '¼': '1/4', '¾': '3/4' };

/** The unit as a word in a field; a piece has none, its food names it. */
export const unitText = (unit: string | null): string => unitWord(unit, 2);

/** The code of a unit that was written in either language; what has no code stays as it was written. */
export function unitCode(text: string): string | null {
  const written = text.trim().normalize('NFC').toLowerCase();
  for (const words of [UNITS[language.value], UNITS.vi, UNITS.en])
    for (const [code, word] of Object.entries(words))
      if (written && [code, ...(typeof word === 'string' ? [word] : word)].includes(written)) return code;
  return text.trim() || null;
}

/** An amount in a field: "2", "0.5", "2–3". */
export function amountInField(quantity: number | null, most?: number | null): string {
  const mark = language.value === 'vi' ? ',' : '.';
  return [quantity, most]
    .filter((value) => value != null)
    .map((value) => String(value).replace('.', mark))
    .join('–');
}

type Quantity = Pick<Schemas['IngredientLineOut'], 'quantity' | 'quantity_max'>;

/** Read "1,5", "1/2", "1 ½" and "2-3"; null where it is none of them. Nothing is an amount, too: none. */
export function readAmount(text: string): Quantity | null {
  const parts = text.trim() ? text.split(/[-–—]/).map(readNumber) : [null];
  const [quantity = null, most = null] = parts;
  if (parts.length > 2 || parts.some((part) => Number.isNaN(part))) return null;
  return { quantity, quantity_max: most };
}

function readNumber(text: string): number {
  const plain = text.replace(/[½⅓⅔¼¾]/g, (one) => ` ${FRACTIONS[one]}`).trim();
  const found = /^(?:(\d+(?:[.,]\d+)?)|(?:(\d+)\s+)?(\d+)\s*\/\s*([1-9]\d*))$/.exec(plain);
  if (!found) return Number.NaN;
  const [, decimal, whole, above, below] = found;
  if (decimal) return Number(decimal.replace(',', '.'));
  return Number(whole ?? 0) + Math.round((Number(above) / Number(below)) * 1000) / 1000;
}
