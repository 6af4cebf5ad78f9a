import { language, number, t } from '~/i18n';

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

/** Units that recipes name by a code, as each kitchen says them: one of it, and several. A piece of something is just that. */
export const UNITS: Record<'vi' | 'en', Record<string, string | [one: string, many: string]>> = {
  vi: {
    piece: '',
    tsp: 'muỗng cà phê',
    tbsp: 'muỗng canh',
    cup: 'chén',
    bowl: 'tô',
    clove: 'tép',
    stalk: 'nhánh',
    slice: 'lát',
    handful: 'nắm',
    bunch: 'bó',
    pinch: 'nhúm',
    can: 'hộp',
    pack: 'gói',
    leaf: 'lá',
  },
  en: {
    piece: '',
    cup: ['cup', 'cups'],
    bowl: ['bowl', 'bowls'],
    clove: ['clove', 'cloves'],
    stalk: ['stalk', 'stalks'],
    slice: ['slice', 'slices'],
    handful: ['handful', 'handfuls'],
    bunch: ['bunch', 'bunches'],
    pinch: ['pinch', 'pinches'],
    can: ['can', 'cans'],
    pack: ['pack', 'packs'],
    leaf: ['leaf', 'leaves'],
  },
};

export function unitWord(unit: string | null, quantity = 1): string {
  if (unit === null) return '';
  const word = UNITS[language.value][unit] ?? unit;
  if (typeof word === 'string') return word;
  return quantity > 1 ? word[1] : word[0];
}

/** The name of a unit where one is chosen: a piece is said there, too. */
export function unitName(unit: string): string {
  if (!unit) return t('unit.none');
  return unit === 'piece' ? t('unit.piece') : unitWord(unit, 2);
}

/** An amount as one text: "1½ cups", "3"; nothing where nobody said how much. */
export function amountText(quantity: number | null, unit: string | null): string {
  return quantity === null ? '' : `${spoken(quantity)} ${unitWord(unit, quantity)}`.trim();
}

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
  const word = unitWord(unit, (most ?? quantity) * factor);
  return (
    <>
      {range}
      {word ? ` ${word}` : ''}
    </>
  );
}
