/** Allergens, diets, methods, cuisines and goals, as the API names them. */
export const ALLERGENS = [
  'gluten',
  'crustaceans',
  'eggs',
  'fish',
  'peanuts',
  'soy',
  'milk',
  'nuts',
  'celery',
  'mustard',
  'sesame',
  'sulphites',
  'lupin',
  'molluscs',
] as const;
export const DIETS = [
  'vegetarian',
  'vegan',
  'halal',
  'kosher',
  'gluten_free',
  'dairy_free',
  'low_carb',
  'no_pork',
  'no_beef',
] as const;
/** The diets that an allergen breaks by itself, as `apps/core/food.py` has them. */
const BROKEN_BY: Record<string, readonly string[]> = {
  gluten: ['gluten_free'],
  milk: ['dairy_free', 'vegan'],
  eggs: ['vegan'],
  fish: ['vegetarian', 'vegan'],
  crustaceans: ['vegetarian', 'vegan', 'kosher'],
  molluscs: ['vegetarian', 'vegan', 'kosher'],
};

/** Is a recipe in this diet with some brands of its ingredients only? */
export const dependsOnBrand = (diet: string, mayContain: readonly string[]): boolean =>
  mayContain.some((allergen) => BROKEN_BY[allergen]?.includes(diet));

export const METHODS = [
  'stir_fry',
  'soup',
  'steam',
  'fry',
  'grill',
  'boil',
  'braise',
  'salad',
  'bake',
  'raw',
  'other',
] as const;
/** Cuisines that catalogue and tags know. */
export const CUISINES = [
  'vietnamese',
  'chinese',
  'japanese',
  'korean',
  'thai',
  'indian',
  'italian',
  'french',
  'greek',
  'american',
  'mexican',
  'middle_eastern',
] as const;
export const GOALS = [
  'eat_balanced',
  'lose_weight',
  'keep_weight',
  'gain_muscle',
  'more_protein',
  'more_fiber',
  'more_vegetables',
  'less_sugar',
  'less_salt',
  'less_fat',
] as const;

/** What a serving has, in the order in which it is told. */
export const NUTRIENTS = [
  'calories',
  'protein_g',
  'fat_g',
  'carbohydrates_g',
  'fiber_g',
  'sugar_g',
  'salt_g',
] as const;
export type Nutrient = (typeof NUTRIENTS)[number];
