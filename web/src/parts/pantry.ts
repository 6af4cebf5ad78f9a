/** What pages share about the pantry: its places, its dates, and reading it anew after a change. */
import type { Schemas } from '~/api/client';
import { queries } from '~/api/queries';
import { t } from '~/i18n';

export type Item = Schemas['PantryItemOut'];
export type Lot = Schemas['LotOut'];
export type Place = NonNullable<Lot['place']>;

export const PLACES: readonly Place[] = ['fridge', 'freezer', 'cupboard'];

/** The units of the interface that people choose from; any other unit that a lot has is kept. */
export const UNITS = [
  'g',
  'kg',
  'ml',
  'l',
  'piece',
  'can',
  'pack',
  'bunch',
  'clove',
  'slice',
  'tbsp',
  'tsp',
] as const;

export const placeChoices = () => [
  { value: '', label: t('place.none') },
  ...PLACES.map((value) => ({ value, label: t(`place.${value}`) })),
];

export const refreshPantry = () => queries.invalidateQueries({ queryKey: ['pantry'] });
