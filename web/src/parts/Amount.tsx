import { language, number } from '~/i18n';

const FRACTIONS: [number, string][] = [
  [0.25, '¼'],
  [0.333, '⅓'],
  [0.5, '½'],
  [0.667, '⅔'],
  [0.75, '¾'],
];

/** Kitchens speak in halves and quarters: 1.5 is 1½, 0.33 a third; anything else keeps two decimals. */
export function spoken(value: number): string {
  const whole = Math.floor(value);
  const rest = value - whole;
  const found = FRACTIONS.find(([part]) => Math.abs(rest - part) < 0.02);
  if (!found || value >= 20) return number(value, value >= 20 ? 0 : 2);
  return `${whole || ''}${found[1]}`;
}

/** Units that recipes name by a code, as each kitchen says them; a piece of something is just that. */
const UNITS: Record<'vi' | 'en', Record<string, string>> = {
  vi: {
    piece: '',
    tsp: 'muỗng cà phê',
    tbsp: 'muỗng canh',
    cup: 'chén',
    clove: 'tép',
    stalk: 'nhánh',
    slice: 'lát',
    handful: 'nắm',
    bunch: 'bó',
    pinch: 'nhúm',
    can: 'hộp',
    leaf: 'lá',
  },
  en: { piece: '' },
};

export const unitWord = (unit: string | null): string =>
  unit === null ? '' : (UNITS[language.value][unit] ?? unit);

export function Amount({
  quantity,
  most,
  unit,
  factor = 1,
}: {
  quantity: number | null;
  most?: number | null;
  unit: string | null;
  factor?: number;
}) {
  if (quantity == null) return null;
  const range = most ? `${spoken(quantity * factor)}–${spoken(most * factor)}` : spoken(quantity * factor);
  const word = unitWord(unit);
  return (
    <>
      {range}
      {word ? ` ${word}` : ''}
    </>
  );
}
