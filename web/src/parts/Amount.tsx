import { language, number, t } from '~/i18n';
import { kitchenNumber, measured } from './kitchen';

/** Units that recipes name by a code, as each kitchen says them: one of it, and several. A piece of something is just that. */
export const UNITS: Record<'vi' | 'en', Record<string, string | [one: string, many: string]>> = {
  vi: {
    piece: '',
    tsp: 'muỗng cà phê',
    tbsp: 'muỗng canh',
    cup: 'cốc',
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

/** Spoons hold three, and a cup sixteen: what is too little of the larger one is measured with the smaller. */
const SMALLER: Record<string, [least: number, unit: string, times: number]> = {
  cup: [0.2, 'tbsp', 16],
  tbsp: [0.45, 'tsp', 3],
};
/** Less of a teaspoon than this is taken between two fingers, and less of anything else is cut off somewhere. */
const LEAST_SPOON = 0.1;
const LEAST_PIECE = 0.1;
const SPOON = 'tsp';
const ON_SCALES = new Set(['g', 'mg', 'ml', 'kg', 'l', 'pinch', 'leaf']);

interface Given {
  quantity: number | null;
  most?: number | null | undefined;
  unit: string | null;
  /** What the amount is multiplied by. At 1, whole numbers stay as somebody wrote them. */
  factor?: number;
  /** The amount is computed: of several recipes, or less what is at hand. */
  computed?: boolean;
}

/** An amount as one says it in a kitchen: "1½ cups", "a pinch", "335 g", "3"; nothing where nobody said how much. */
export function amountText({ quantity, most, unit, factor = 1, computed }: Given): string {
  if (quantity == null) return '';
  const low = quantity * factor;
  const high = (most ?? quantity) * factor;
  if (factor === 1 && !computed && Number.isInteger(low) && Number.isInteger(high))
    return withUnit(most ? `${number(low)}–${number(high)}` : number(low), unit, high);
  const smaller = unit ? SMALLER[unit] : undefined;
  if (smaller && high > 0 && high < smaller[0])
    return amountText({
      quantity: low * smaller[2],
      most: most && high * smaller[2],
      unit: smaller[1],
      computed: true,
    });
  if (unit === SPOON && high > 0 && high < LEAST_SPOON) return t('amount.pinch');
  if (!ON_SCALES.has(unit ?? '') && high > 0 && high < LEAST_PIECE) return t('amount.little');
  const [first, last] = [kitchenNumber(low, unit), kitchenNumber(high, unit)];
  return withUnit(first === last ? first : `${first}–${last}`, unit, measured(high, unit));
}

const withUnit = (text: string, unit: string | null, quantity: number): string =>
  `${text} ${unitWord(unit, quantity)}`.trim();

export function Amount(given: Given) {
  return <>{amountText(given)}</>;
}
